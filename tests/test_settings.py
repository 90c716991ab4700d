"""Settings: what is taken, what is refused, and that a refusal names its variable."""

import pytest

from ap_log.settings import VARIABLES, BadSetting, Settings, read


def test_nothing_set_is_a_server_on_this_machine_alone() -> None:
    settings = read({})

    assert (settings.host, settings.origin, settings.is_demo) == ("127.0.0.1", "http://localhost:8000", False)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://log.example.org", "https://log.example.org"),
        ("https://LOG.Example.org/", "https://log.example.org"),
        ("https://log.example.org:443", "https://log.example.org"),
        ("https://log.example.org:8443", "https://log.example.org:8443"),
        ("http://localhost:80", "http://localhost"),
        ("http://localhost:8000", "http://localhost:8000"),
    ],
)
def test_the_origin_is_kept_as_browsers_write_it(given: str, kept: str) -> None:
    assert read({"AP_LOG_ORIGIN": given}).origin == kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AP_LOG_ORIGIN", "log.example.org"),
        ("AP_LOG_ORIGIN", "ftp://log.example.org"),
        ("AP_LOG_ORIGIN", "http://log.example.org"),
        ("AP_LOG_ORIGIN", "https://log.example.org/ap"),
        ("AP_LOG_ORIGIN", "https://log.example.org?x"),
        ("AP_LOG_ORIGIN", "https://somebody@log.example.org"),
        ("AP_LOG_ORIGIN", "https://log.example.org:99999"),
        ("AP_LOG_ORIGIN", "https://192.0.2.7"),
        ("AP_LOG_ORIGIN", "http://127.0.0.1:8000"),
        ("AP_LOG_ORIGIN", "https://"),
        ("AP_LOG_HOST", "http://0.0.0.0"),
        ("AP_LOG_HOST", "127.0.0.1:8000"),
        ("AP_LOG_PORT", "0"),
        ("AP_LOG_PORT", "65536"),
        ("AP_LOG_PORT", "eighty"),
        ("AP_LOG_PORT", "8_0"),
        ("AP_LOG_PROXY_HOPS", "-1"),
        ("AP_LOG_PROXY_HOPS", "6"),
        ("AP_LOG_DATABASE_URL", "mysql://localhost/ap"),
        ("AP_LOG_DATABASE_URL", "sqlite://"),
        ("AP_LOG_SMTP_URL", "http://localhost"),
        ("AP_LOG_MAIL_FROM", "nobody"),
        ("AP_LOG_MAIL_FROM", "a@b\nBcc: c@d"),
        ("AP_LOG_DEMO", "yes"),
    ],
)
def test_nonsense_is_refused_by_the_variables_name(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"^{name}: "):
        read({name: value})


def test_the_edges_of_a_port_are_ports() -> None:
    assert [read({"AP_LOG_PORT": port}).port for port in ("1", "65535")] == [1, 65535]


def test_a_misspelt_variable_is_refused_rather_than_left_at_its_default() -> None:
    with pytest.raises(BadSetting, match="AP_LOG_ORIGINS"):
        read({"AP_LOG_ORIGINS": "https://log.example.org"})


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert read(dict.fromkeys(VARIABLES, " ")) == Settings()


def test_a_password_in_a_refused_address_is_not_repeated() -> None:
    with pytest.raises(BadSetting) as refused:
        read({"AP_LOG_DATABASE_URL": "mysql://ap:hunter2@db/ap"})

    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.9.10"])
def test_the_demo_starts_on_loopback(host: str) -> None:
    assert read({"AP_LOG_DEMO": "1", "AP_LOG_HOST": host}).is_demo


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"AP_LOG_HOST": "0.0.0.0"},  # noqa: S104 the demo must refuse it
        {"AP_LOG_HOST": "192.0.2.7"},
        {"AP_LOG_HOST": "::"},
        {"AP_LOG_ORIGIN": "https://log.example.org"},
    ],
)
def test_the_demo_refuses_to_start_anywhere_else(elsewhere: dict[str, str]) -> None:
    with pytest.raises(BadSetting, match=r"^AP_LOG_DEMO: "):
        read({"AP_LOG_DEMO": "1"} | elsewhere)
