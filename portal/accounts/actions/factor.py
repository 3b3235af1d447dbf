"""The second step: an authenticator begun, confirmed, taken away; a sign-in completed by a code."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from portal.access import Person
from portal.accounts import queries
from portal.accounts.actions.common import changed
from portal.accounts.models import Account, Authenticator, RecoveryCode, SignIn
from portal.accounts.rules import TRIES, must_have_second_step
from portal.db import act, session_of
from portal.journal.actions import Owed, record
from portal.journal.models import Audience
from portal.lifecycle import Done, Refusal, Refused


@act
def begin_authenticator(account: Account, *, sealed: str, by: Person, now: datetime) -> Done | Refused:
    """Set a new secret ready; it counts for nothing until a code of it was given."""
    session = session_of(account)
    found = queries.authenticator(session, account.id)
    if found is not None and found.confirmed_at is not None:
        return Refused((Refusal("second_step_is_there"),))
    if found is None:
        found = Authenticator(account_id=account.id, sealed=sealed, confirmed_at=None, last_step=0)
        session.add(found)
    else:
        found.sealed, found.last_step = sealed, 0
    record(session, "account.second_step_begun", account, {}, by=by, now=now, audience=Audience.DEPARTMENT)
    return Done(found)


@act
def confirm_authenticator(
    account: Account, *, sealed: str, step: int, codes: Iterable[str], by: Person, now: datetime
) -> Done | Refused:
    """The first right code: from now on signing in asks for one. `codes` are the digests of the recovery codes."""
    session = session_of(account)
    found = queries.authenticator(session, account.id)
    if found is None or found.confirmed_at is not None or found.sealed != sealed:
        return Refused((Refusal("stale"),))
    found.confirmed_at, found.last_step = now, step
    _replace_codes(account, codes)
    owed: list[Owed] = [("second_step_added", account.email, {})]
    record(
        session,
        "account.second_step_added",
        account,
        {},
        by=by,
        now=now,
        audience=Audience.DEPARTMENT,
        owed=owed,
    )
    return Done(found)


def _replace_codes(account: Account, codes: Iterable[str]) -> None:
    session = session_of(account)
    for old in queries.all_recovery_codes(session, account.id):
        session.delete(old)
    session.flush()
    session.add_all([RecoveryCode(account_id=account.id, digest=digest, used_at=None) for digest in codes])


@act
def renew_codes(account: Account, *, codes: Iterable[str], by: Person, now: datetime) -> Done | Refused:
    """New recovery codes; the old ones are worth nothing."""
    session = session_of(account)
    if not queries.has_second_step(session, account.id):
        return Refused((Refusal("gone"),))
    _replace_codes(account, codes)
    record(session, "account.codes_renewed", account, {}, by=by, now=now, audience=Audience.DEPARTMENT)
    return Done(account)


@act
def remove_authenticator(account: Account, *, by: Person, now: datetime) -> Done | Refused:
    """Sign in with a password alone again: by oneself, unless a role of the department wants the second step."""
    session = session_of(account)
    found = queries.authenticator(session, account.id)
    if found is None:
        return Refused((Refusal("gone"),))
    if by.account_id == account.id and must_have_second_step(frozenset(g.role for g in account.grants)):
        return Refused((Refusal("second_step_is_required"),))
    session.delete(found)
    _replace_codes(account, ())
    changed(account)
    owed: list[Owed] = [("second_step_removed", account.email, {})]
    record(
        session,
        "account.second_step_removed",
        account,
        {},
        by=by,
        now=now,
        audience=Audience.DEPARTMENT,
        owed=owed,
    )
    return Done(account)


@act
def complete_sign_in(
    sign_in: SignIn,
    *,
    step: int | None,
    recovery: str | None,
    digest: str,
    real: datetime,
    by: Person,
    now: datetime,
) -> Done | Refused:
    """The second step: a code's half-minute that was not used yet, or the digest of a recovery code. A new token."""
    account, session = sign_in.account, session_of(sign_in)
    if sign_in.ended or not sign_in.half or not account.active:
        return Refused((Refusal("gone"),))
    found = queries.authenticator(session, account.id)
    owed: list[Owed] = []
    if step is not None and found is not None and step > found.last_step:
        found.last_step, verb = step, "account.second_step_taken"
    elif recovery is not None and (code := queries.recovery_code(session, account.id, recovery)):
        code.used_at, verb = now, "account.recovered"
        owed.append(("recovery_used", account.email, {"left": queries.codes_left(session, account.id)}))
    else:
        return Refused((Refusal("wrong_code", {}, "code"),))
    sign_in.half, sign_in.digest, sign_in.fresh_at, sign_in.last_seen_at = False, digest, real, real
    sign_in.began_at = real
    record(session, verb, account, {}, by=by, now=now, audience=Audience.DEPARTMENT, owed=owed)
    return Done(sign_in)


@act
def count_try(sign_in: SignIn, *, by: Person, now: datetime) -> Done | Refused:
    """A wrong code; after a few the password is asked again."""
    sign_in.tries += 1
    if sign_in.tries >= TRIES:
        sign_in.ended = True
        session, account = session_of(sign_in), sign_in.account
        record(session, "account.second_step_failed", account, {}, by=by, now=now, audience=Audience.DEPARTMENT)
    return Done(sign_in)
