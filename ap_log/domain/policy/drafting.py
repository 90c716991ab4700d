"""A policy as people edit it: the document, which is its keys without name, version and beginning; and its TOML."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import tomli_w

from ap_log.domain.policy.faults import Faults
from ap_log.domain.policy.language import Policy, policy_json
from ap_log.domain.policy.loading import HEADING, read_policy

Document = Mapping[str, object]


def document_of(policy: Policy) -> dict[str, Any]:
    """The document of a policy, as JSON may hold it: new lists and tables, which may be changed."""
    return {key: value for key, value in policy_json(policy).items() if key not in HEADING}


def policy_of(document: Document, *, name: str, version: int, effective_from: datetime) -> Policy:
    """The policy a document makes under this heading. Raises Refused with every fault of both, and where each is."""
    heading = {"name": name, "version": version, "effective_from": effective_from}
    return read_policy(heading, document, Faults())


def policy_text(policy: Policy) -> str:
    """The policy as TOML: what `load_policy` reads from it is the same policy."""
    heading = {"name": policy.name, "version": policy.version, "effective_from": policy.effective_from}
    return tomli_w.dumps(heading | document_of(policy))
