"""Every address of AP Log, with who may use it and what the audit trail calls it. Without either, no start."""

from ap_log.domain.devices import REPORT_BYTES_LIMIT
from ap_log.domain.permissions import Permission
from ap_log.domain.photos import PIECE_BYTES_LIMIT
from ap_log.domain.sync import PUSH_BYTES_LIMIT, RECEIPTS_BYTES_LIMIT
from ap_log.handlers import (
    app_shell,
    confirmations,
    consistency,
    decisions,
    demo,
    devices,
    draft_examples,
    draft_sections,
    entries,
    explanations,
    health,
    held_entries,
    home,
    invitations,
    notices,
    passkeys,
    people,
    phone,
    photos,
    policies,
    policy_drafts,
    queue,
    recommendations,
    reference,
    rehearsals,
    residents,
    sign_in,
    static,
    sync,
)
from ap_log.security.limits import CREDENTIAL_BYTES, LONG_FORM_BYTES
from ap_log.security.rows import Row

FRONT_DOOR = (
    Row("GET", "/", home.show, Permission.ANYONE, audit="home.viewed"),
    Row("GET", "/health", health.show, Permission.ANYONE, audit="health.viewed", same_for_all=True),
    Row(
        "GET", "/service-worker.js", static.service_worker, Permission.ANYONE, audit="front-end.read", same_for_all=True
    ),
    Row("GET", "/manifest.webmanifest", static.manifest, Permission.ANYONE, audit="front-end.read", same_for_all=True),
)

SIGNING_IN = (
    Row("GET", "/sign-in", sign_in.show, Permission.ANYONE, audit="sign-in.viewed"),
    Row("POST", "/sign-out", sign_in.sign_out, Permission.ANYONE, audit="session.ended"),
    Row("GET", "/invitations/{code}", invitations.show, Permission.ANYONE, audit="invitation.viewed", throttled=True),
    Row(
        "POST",
        "/api/passkeys/sign-in/options",
        passkeys.sign_in_options,
        Permission.ANYONE,
        audit="challenge.made",
        throttled=True,
    ),
    Row(
        "POST",
        "/api/passkeys/sign-in",
        passkeys.use,
        Permission.ANYONE,
        audit="session.started",
        throttled=True,
        limit=CREDENTIAL_BYTES,
    ),
    Row(
        "POST",
        "/api/passkeys/registration/options",
        passkeys.registration_options,
        Permission.ANYONE,
        audit="challenge.made",
        throttled=True,
    ),
    Row(
        "POST",
        "/api/passkeys/registration",
        passkeys.register,
        Permission.ANYONE,
        audit="invitation.accepted",
        throttled=True,
        limit=CREDENTIAL_BYTES,
    ),
)

PEOPLE = (
    Row("GET", "/people", people.index, Permission.ADMINISTER_PEOPLE, audit="people.viewed"),
    Row("POST", "/people/{person}/invitations", people.invite, Permission.ADMINISTER_PEOPLE, audit="invitation.made"),
    Row(
        "GET", "/people/{person}/revocation", people.ask_revocation, Permission.ADMINISTER_PEOPLE, audit="person.viewed"
    ),
    Row("POST", "/people/{person}/revocation", people.revoke, Permission.ADMINISTER_PEOPLE, audit="passkeys.revoked"),
)

PHONE = (
    Row("POST", "/api/sync", sync.push, Permission.LOG_ENTRIES, audit="entry.stored", limit=PUSH_BYTES_LIMIT),
    Row(
        "POST",
        "/api/receipts",
        sync.compare_receipts,
        Permission.LOG_ENTRIES,
        audit="receipts.compared",
        limit=RECEIPTS_BYTES_LIMIT,
    ),
    Row("POST", "/api/phone", phone.report, Permission.ANYONE, audit="device.noted", limit=REPORT_BYTES_LIMIT),
    Row("GET", "/api/reference", reference.show, Permission.LOG_ENTRIES, audit="reference.viewed"),
)

DEVICES = (
    Row("GET", "/devices", devices.index, Permission.MANAGE_PHONES, audit="devices.listed"),
    Row("GET", "/devices/{device}/revocation", devices.ask_revocation, Permission.MANAGE_PHONES, audit="device.viewed"),
    Row("POST", "/devices/{device}/revocation", devices.revoke, Permission.MANAGE_PHONES, audit="device.revoked"),
    Row("POST", "/devices/{device}/return", devices.take_back, Permission.MANAGE_PHONES, audit="device.returned"),
    Row("POST", "/devices/{device}/sharing", devices.share, Permission.MANAGE_PHONES, audit="device.shared"),
    Row("GET", "/losses", devices.losses, Permission.ANSWER_NOTICES, audit="losses.listed"),
    Row("POST", "/losses", devices.see_losses, Permission.ANSWER_NOTICES, audit="losses.seen"),
)

# The same for everybody and kept by the service worker, so nobody is asked to sign in for them.
SHELL = (
    Row("GET", "/app", app_shell.start, Permission.ANYONE, audit="shell.read", same_for_all=True),
    Row("GET", "/app/log", app_shell.log, Permission.ANYONE, audit="shell.read", same_for_all=True),
    Row("GET", "/app/outbox", app_shell.outbox, Permission.ANYONE, audit="shell.read", same_for_all=True),
    Row("GET", "/app/phone", app_shell.phone, Permission.ANYONE, audit="shell.read", same_for_all=True),
    Row("GET", "/app/offline", app_shell.offline, Permission.ANYONE, audit="shell.read", same_for_all=True),
)

ENTRIES = (
    Row("GET", "/entries/new", entries.new, Permission.LOG_ENTRIES, audit="entry-form.viewed"),
    Row("POST", "/entries", entries.create, Permission.LOG_ENTRIES, audit="entry.stored", limit=LONG_FORM_BYTES),
    Row("GET", "/entries/{entry}", entries.show, Permission.VIEW_RESIDENTS, audit="entry.viewed"),
)

PHOTOS = (
    Row(
        "GET",
        "/api/photos/{photo}",
        photos.progress,
        Permission.LOG_ENTRIES,
        audit="photo.awaited",
        recorded_once=True,
    ),
    Row(
        "PUT",
        "/api/photos/{photo}/{start}",
        photos.bring,
        Permission.LOG_ENTRIES,
        audit="photo.stored",
        limit=PIECE_BYTES_LIMIT,
    ),
    Row("GET", "/photos/{photo}", photos.show, Permission.VIEW_RESIDENTS, audit="photo.viewed"),
    Row("GET", "/photos/{photo}/original", photos.export, Permission.DECIDE, audit="photo.exported"),
)

CONFIRMATIONS = (
    Row("GET", "/confirmations", confirmations.index, Permission.VIEW_RESIDENTS, audit="confirmations.listed"),
    Row("POST", "/confirmations", confirmations.confirm, Permission.VIEW_RESIDENTS, audit="entry.confirmed"),
    Row(
        "GET",
        "/confirmations/{sequence}/disowning",
        confirmations.ask_disowning,
        Permission.VIEW_RESIDENTS,
        audit="confirmation.viewed",
    ),
    Row(
        "POST",
        "/confirmations/{sequence}/disowning",
        confirmations.disown,
        Permission.VIEW_RESIDENTS,
        audit="entry.disowned",
        limit=LONG_FORM_BYTES,
    ),
)

RESIDENTS = (
    Row("GET", "/residents", residents.index, Permission.VIEW_RESIDENTS, audit="residents.listed"),
    Row("GET", "/residents/{resident}", residents.show, Permission.VIEW_RESIDENTS, audit="resident.viewed"),
)

DECIDING = (
    Row("GET", "/queue", queue.index, Permission.REVIEW_QUEUE, audit="queue.viewed"),
    Row("GET", "/held-entries", held_entries.index, Permission.REVIEW_QUEUE, audit="held-entries.listed"),
    Row("GET", "/held-entries/{held}", held_entries.show, Permission.REVIEW_QUEUE, audit="held-entry.viewed"),
    Row(
        "POST",
        "/held-entries/{held}/decision",
        held_entries.decide,
        Permission.REVIEW_QUEUE,
        audit="held-entry.decided",
        limit=LONG_FORM_BYTES,
    ),
    Row(
        "GET",
        "/recommendations/{recommendation}",
        recommendations.show,
        Permission.DECIDE,
        audit="recommendation.viewed",
    ),
    Row(
        "GET",
        "/recommendations/{recommendation}/explanation",
        explanations.show,
        Permission.VIEW_RESIDENTS,
        audit="recommendation.viewed",
    ),
    Row(
        "POST",
        "/recommendations/{recommendation}/decision",
        recommendations.decide,
        Permission.DECIDE,
        audit="decision.made",
        limit=LONG_FORM_BYTES,
    ),
    Row(
        "GET",
        "/recommendations/{recommendation}/completion",
        recommendations.start_completion,
        Permission.DECIDE,
        audit="recommendation.viewed",
    ),
    Row(
        "POST",
        "/recommendations/{recommendation}/completion",
        recommendations.complete,
        Permission.DECIDE,
        audit="decision.made",
        limit=LONG_FORM_BYTES,
    ),
    Row(
        "POST",
        "/recommendations/{recommendation}/keeping",
        recommendations.keep,
        Permission.DECIDE,
        audit="decision.kept",
        limit=LONG_FORM_BYTES,
    ),
    Row("GET", "/decisions/{decision}/void", decisions.ask_void, Permission.DECIDE, audit="decision.viewed"),
    Row(
        "POST",
        "/decisions/{decision}/void",
        decisions.void,
        Permission.DECIDE,
        audit="warning.voided",
        limit=LONG_FORM_BYTES,
    ),
    Row(
        "GET", "/decisions/{decision}/withdrawal", decisions.ask_withdrawal, Permission.DECIDE, audit="decision.viewed"
    ),
    Row(
        "POST",
        "/decisions/{decision}/withdrawal",
        decisions.withdraw,
        Permission.DECIDE,
        audit="decision.withdrawn",
        limit=LONG_FORM_BYTES,
    ),
)

POLICIES = (
    Row("GET", "/policies", policies.index, Permission.VIEW_POLICY, audit="policies.listed"),
    Row("GET", "/policies/{policy}", policies.show, Permission.VIEW_POLICY, audit="policy.viewed"),
    Row("GET", "/policies/{policy}/changes", policies.changes, Permission.VIEW_POLICY, audit="policy-changes.viewed"),
    Row("GET", "/policies/{policy}/readings", policies.readings, Permission.REVIEW_PRACTICE, audit="readings.listed"),
    Row("POST", "/policies/{policy}/readings", policies.confirm, Permission.VIEW_POLICY, audit="policy.read"),
    Row("GET", "/policies/{policy}/withdrawal", policies.ask_withdrawal, Permission.EDIT_POLICY, audit="policy.viewed"),
    Row(
        "POST",
        "/policies/{policy}/withdrawal",
        policies.withdraw,
        Permission.EDIT_POLICY,
        audit="policy.withdrawn",
        limit=LONG_FORM_BYTES,
    ),
)

DRAFTS = (
    Row("POST", "/policy-drafts", policy_drafts.start, Permission.EDIT_POLICY, audit="policy-draft.started"),
    Row("GET", "/policy-drafts/{draft}", policy_drafts.show, Permission.EDIT_POLICY, audit="policy-draft.viewed"),
    Row(
        "GET",
        "/policy-drafts/{draft}/comparison",
        policy_drafts.compare,
        Permission.EDIT_POLICY,
        audit="policy-draft.compared",
    ),
    Row(
        "GET",
        "/policy-drafts/{draft}/publication",
        policy_drafts.ask_publication,
        Permission.EDIT_POLICY,
        audit="policy-draft.viewed",
    ),
    Row(
        "POST",
        "/policy-drafts/{draft}/publication",
        policy_drafts.publish,
        Permission.EDIT_POLICY,
        audit="policy.published",
        limit=LONG_FORM_BYTES,
    ),
    Row(
        "GET",
        "/policy-drafts/{draft}/discard",
        policy_drafts.ask_discard,
        Permission.EDIT_POLICY,
        audit="policy-draft.viewed",
    ),
    Row(
        "POST",
        "/policy-drafts/{draft}/discard",
        policy_drafts.discard,
        Permission.EDIT_POLICY,
        audit="policy-draft.discarded",
    ),
)

DRAFT_FORMS = (
    Row(
        "GET",
        "/policy-drafts/{draft}/sections/{section}",
        draft_sections.show,
        Permission.EDIT_POLICY,
        audit="policy-draft.viewed",
    ),
    Row(
        "POST",
        "/policy-drafts/{draft}/sections/{section}",
        draft_sections.save,
        Permission.EDIT_POLICY,
        audit="policy-draft.changed",
        limit=LONG_FORM_BYTES,
    ),
    Row(
        "GET",
        "/policy-drafts/{draft}/examples",
        draft_examples.index,
        Permission.EDIT_POLICY,
        audit="policy-draft.viewed",
    ),
    Row(
        "GET",
        "/policy-drafts/{draft}/examples/{example}",
        draft_examples.show,
        Permission.EDIT_POLICY,
        audit="policy-draft.viewed",
    ),
    Row(
        "POST",
        "/policy-drafts/{draft}/examples/{example}",
        draft_examples.save,
        Permission.EDIT_POLICY,
        audit="policy-draft.examples-changed",
        limit=LONG_FORM_BYTES,
    ),
    Row(
        "GET",
        "/policy-drafts/{draft}/examples/{example}/removal",
        draft_examples.ask_removal,
        Permission.EDIT_POLICY,
        audit="policy-draft.viewed",
    ),
    Row(
        "POST",
        "/policy-drafts/{draft}/examples/{example}/removal",
        draft_examples.remove,
        Permission.EDIT_POLICY,
        audit="policy-draft.examples-changed",
    ),
)

CONSISTENCY = (
    Row("GET", "/consistency", consistency.show, Permission.REVIEW_PRACTICE, audit="consistency.viewed"),
    Row("GET", "/consistency/cases", consistency.list_like, Permission.REVIEW_PRACTICE, audit="consistency.viewed"),
)

NOTICES = (
    Row("GET", "/notices", notices.index, Permission.ANSWER_NOTICES, audit="notices.listed"),
    Row("GET", "/notices/{reference}", notices.show, Permission.ANSWER_NOTICES, audit="notice.viewed"),
    Row(
        "POST",
        "/notices/{reference}/acknowledgement",
        notices.acknowledge,
        Permission.ANSWER_NOTICES,
        audit="notice.acknowledged",
    ),
    Row(
        "POST",
        "/notices/{reference}/answer",
        notices.answer,
        Permission.ANSWER_NOTICES,
        audit="notice.answered",
        limit=LONG_FORM_BYTES,
    ),
)

REHEARSALS = (
    Row(
        "GET", "/policy-drafts/{draft}/rehearsals", rehearsals.index, Permission.EDIT_POLICY, audit="rehearsals.listed"
    ),
    Row("POST", "/policy-drafts/{draft}/rehearsals", rehearsals.ask, Permission.EDIT_POLICY, audit="rehearsal.asked"),
    Row("GET", "/rehearsals/{rehearsal}", rehearsals.show, Permission.EDIT_POLICY, audit="rehearsal.viewed"),
    Row(
        "GET",
        "/api/rehearsals/{rehearsal}/progress",
        rehearsals.progress,
        Permission.EDIT_POLICY,
        audit="rehearsal.watched",
        recorded_once=True,
    ),
    Row(
        "GET",
        "/rehearsals/{rehearsal}/differences",
        rehearsals.differences,
        Permission.EDIT_POLICY,
        audit="rehearsal-differences.viewed",
    ),
)

ROWS = (
    *FRONT_DOOR,
    *SIGNING_IN,
    *PEOPLE,
    *PHONE,
    *DEVICES,
    *SHELL,
    *ENTRIES,
    *PHOTOS,
    *CONFIRMATIONS,
    *RESIDENTS,
    *DECIDING,
    *CONSISTENCY,
    *POLICIES,
    *DRAFTS,
    *DRAFT_FORMS,
    *REHEARSALS,
    *NOTICES,
)

DEMO_ROWS: tuple[Row, ...] = (
    Row("GET", "/demo", demo.show, Permission.ANYONE, audit="demo.viewed"),
    Row("POST", "/demo/sessions", demo.sign_in, Permission.ANYONE, audit="session.started"),
    Row("POST", "/demo/invitations", demo.invite, Permission.ANYONE, audit="invitation.made"),
    Row("GET", "/demo/mail", demo.list_mail, Permission.ANYONE, audit="demo-mail.viewed"),
    Row("GET", "/demo/mail/{message}", demo.show_mail, Permission.ANYONE, audit="demo-mail.viewed"),
)
"""The demo's door. `app.py` puts it in only for a demo database on loopback."""
