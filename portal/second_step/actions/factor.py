"""The second step: an authenticator begun, confirmed, taken away; a sign-in completed by a code."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from portal.access import Person
from portal.accounts.actions.common import changed, note, tell_beside
from portal.accounts.models import Account, SignIn
from portal.accounts.rules.sign_ins import must_have_second_step
from portal.db import act, lock, session_of
from portal.journal.actions import Owed
from portal.lifecycle import Done, Refusal, Refused
from portal.second_step import queries
from portal.second_step.models import Authenticator, Passkey, RecoveryCode
from portal.second_step.rules import MOST_PASSKEYS, TRIES, count_is_right


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
    note(account, "account.second_step_begun", {}, by=by, now=now)
    return Done(found)


@act
def confirm_authenticator(
    account: Account, *, sealed: str, step: int, codes: Iterable[str], by: Person, now: datetime
) -> Done | Refused:
    """The first right code: from now on signing in asks for one. `codes` are the digests of the recovery
    codes.
    """
    session = session_of(account)
    found = queries.authenticator(session, account.id)
    if found is None or found.confirmed_at is not None or found.sealed != sealed:
        return Refused((Refusal("stale"),))
    found.confirmed_at, found.last_step = now, step
    if not queries.passkeys(session, account.id):
        _replace_codes(account, codes)
    owed: list[Owed] = [("second_step_added", account.email, {})]
    note(account, "account.second_step_added", {}, by=by, now=now, owed=owed)
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
    note(account, "account.codes_renewed", {}, by=by, now=now)
    return Done(account)


@act
def remove_authenticator(account: Account, *, by: Person, now: datetime) -> Done | Refused:
    """Sign in with a password alone again: by oneself, unless a role of the department wants the second
    step.
    """
    session = session_of(account)
    found = queries.authenticator(session, account.id)
    if found is None:
        return Refused((Refusal("gone"),))
    if not queries.passkeys(session, account.id):
        if by.account_id == account.id and _must(account):
            return Refused((Refusal("second_step_is_required"),))
        _replace_codes(account, ())
    session.delete(found)
    changed(account)
    owed: list[Owed] = [("second_step_removed", account.email, {})]
    note(account, "account.second_step_removed", {}, by=by, now=now, owed=owed)
    return Done(account)


def _must(account: Account) -> bool:
    return must_have_second_step(frozenset(g.role for g in account.grants))


@act
def add_passkey(
    account: Account,
    *,
    credential: str,
    public_key: bytes,
    sign_count: int,
    device: str,
    codes: Iterable[str],
    by: Person,
    now: datetime,
) -> Done | Refused:
    """A passkey that a device made for this account. `codes` are digests of recovery codes, taken with the
    first step.
    """
    session = session_of(account)
    known = queries.passkeys(session, account.id)
    if len(known) >= MOST_PASSKEYS:
        return Refused((Refusal("too_many_passkeys", {"most": MOST_PASSKEYS}),))
    if queries.passkey_with(session, credential) is not None:
        return Refused((Refusal("passkey_is_known"),))
    if not known and not queries.has_authenticator(session, account.id):
        _replace_codes(account, codes)
    made = Passkey(
        account_id=account.id,
        credential=credential,
        public_key=public_key,
        sign_count=sign_count,
        device=device,
        added_at=now,
    )
    session.add(made)
    owed: list[Owed] = [("second_step_added", account.email, {})]
    payload = {"device": device}
    note(account, "account.passkey_added", payload, by=by, now=now, owed=owed)
    return Done(made)


@act
def remove_passkey(account: Account, *, passkey_id: int, by: Person, now: datetime) -> Done | Refused:
    """Take one away, unless it is the last second step and a role of the department wants one."""
    session = session_of(account)
    known = queries.passkeys(session, account.id)
    found = next((k for k in known if k.id == passkey_id), None)
    if found is None:
        return Refused((Refusal("gone"),))
    last = len(known) == 1 and not queries.has_authenticator(session, account.id)
    if last and by.account_id == account.id and _must(account):
        return Refused((Refusal("second_step_is_required"),))
    if last:
        _replace_codes(account, ())
    session.delete(found)
    changed(account)
    owed: list[Owed] = [("second_step_removed", account.email, {})] if last else []
    payload = {"device": found.device}
    note(account, "account.passkey_removed", payload, by=by, now=now, owed=owed)
    return Done(account)


@act
def take_second_step(account: Account, *, by: Person, now: datetime) -> Done | Refused:
    """Take a lost second step away whole, app, passkeys and codes: somebody at the desk vouched for who it
    is.
    """
    session = session_of(account)
    if by.account_id == account.id:
        return Refused((Refusal("own_account"),))
    if not queries.has_second_step(session, account.id):
        return Refused((Refusal("no_second_step"),))
    if (found := queries.authenticator(session, account.id)) is not None:
        session.delete(found)
    for passkey in queries.passkeys(session, account.id):
        session.delete(passkey)
    _replace_codes(account, ())
    changed(account)
    owed: list[Owed] = [("second_step_removed", account.email, {})]
    note(account, "account.second_step_taken_away", {}, by=by, now=now, owed=owed)
    return Done(account)


@act
def complete_sign_in(
    sign_in: SignIn,
    *,
    step: int | None = None,
    recovery: str | None = None,
    passkey: tuple[int, int] | None = None,
    digest: str,
    beside: bool = False,
    real: datetime,
    by: Person,
    now: datetime,
) -> Done | Refused:
    """The second step, and a new token: a code's half-minute that was not used yet, the digest of a recovery
    code, or a passkey (its id and new counter).
    """
    account, session = sign_in.account, session_of(sign_in)
    lock(account)  # two sign-ins at one moment must not take the same code
    if sign_in.ended or not sign_in.half or not account.active:
        return Refused((Refusal("gone"),))
    found = queries.authenticator(session, account.id)
    owed: list[Owed] = []
    if step is not None and found is not None and step > found.last_step:
        found.last_step, verb = step, "account.second_step_taken"
    elif recovery is not None and (code := queries.recovery_code(session, account.id, recovery)):
        code.used_at, verb = now, "account.recovered"
        owed.append(("recovery_used", account.email, {"left": queries.codes_left(session, account.id)}))
    elif passkey is not None and (key := _counted(account, *passkey)):
        key.sign_count, verb = passkey[1], "account.passkey_used"
    else:
        return Refused((Refusal("wrong_code", {}, "code"),))
    sign_in.half, sign_in.digest, sign_in.fresh_at, sign_in.last_seen_at = False, digest, real, real
    sign_in.began_at = real
    note(account, verb, {}, by=by, now=now, owed=owed)
    if beside and sign_in.identity_id is None:
        tell_beside(account, sign_in.device, by=by, now=now)
    return Done(sign_in)


def _counted(account: Account, passkey_id: int, count: int) -> Passkey | None:
    """The account's passkey, while its counter goes on."""
    known = queries.passkeys(session_of(account), account.id)
    return next((k for k in known if k.id == passkey_id and count_is_right(k.sign_count, count)), None)


@act
def count_try(sign_in: SignIn, *, by: Person, now: datetime) -> Done | Refused:
    """A wrong code; after a few the password is asked again."""
    sign_in.tries += 1
    if sign_in.tries >= TRIES:
        sign_in.ended = True
        note(sign_in.account, "account.second_step_failed", {}, by=by, now=now)
    return Done(sign_in)
