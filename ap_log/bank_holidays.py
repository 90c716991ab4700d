"""The bank holidays of England and Wales, on which nobody is expected to answer a notice."""

from datetime import date

import holidays


class BankHolidays:
    """Answers `day in BankHolidays()`; years are worked out as they are asked for."""

    def __init__(self) -> None:
        self._days = holidays.country_holidays("GB", subdiv="ENG")

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in self._days
