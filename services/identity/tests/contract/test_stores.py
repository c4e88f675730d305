"""One contract for every store: the fakes of the unit tests keep it as PostgreSQL does."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from identity.domain.account import Account, AccountState
from identity.domain.challenge import ChallengeState, Purpose
from identity.domain.throttle import Tally
from identity.usecases.ports import Records
from identity_builders import NOW, a_challenge, a_session, an_account

UNCONFIRMED = AccountState.UNCONFIRMED


async def add(records: Records, *accounts: Account) -> None:
    for account in accounts:
        assert await records.accounts.add(account)


async def test_an_account_is_kept_whole(records: Records) -> None:
    account = an_account(
        "Anna.Muster",
        salutation="ms",
        first_name="Anna",
        last_name="Muster",
        company="Gasthaus",
        street="Ungargasse 12",
        postal_code="1030",
        city="Wien",
        country="AT",
        phone="+43 1 5550 410",
        terms_version="2026-11",
        terms_accepted_at=NOW,
        roles=frozenset({"agent", "admin"}),
        language="en",
    )
    await add(records, account)
    assert await records.accounts.get(account.id) == account
    assert await records.accounts.get_many([uuid4(), account.id]) == [account]


async def test_names_are_unique_in_every_spelling(records: Records) -> None:
    await add(records, an_account("Müller", email="a@beispiel.at"))
    assert not await records.accounts.add(an_account("mu\u0308LLER", email="b@beispiel.at"))


async def test_a_claimed_address_is_unique_in_every_spelling(records: Records) -> None:
    await add(records, an_account("anna", email="Anna@Beispiel.at"))
    assert not await records.accounts.add(an_account("berta", email="anna@beispiel.at"))


async def test_sec_a19_a_claimed_address_is_unique_however_its_domain_is_written(records: Records) -> None:
    await add(records, an_account("anna", email="anna@müller.example"))
    for spelling in ("anna@xn--mller-kva.example", "ANNA@MU\u0308LLER.example", "anna@müller.example."):
        assert not await records.accounts.add(an_account("berta", email=spelling))
        found = await records.accounts.find_for_login(spelling)
        assert found is not None


async def test_registrations_may_share_an_address_until_one_is_confirmed(records: Records) -> None:
    first = an_account("eins", email="a@beispiel.at", state=UNCONFIRMED)
    second = an_account("zwei", email="A@beispiel.at", state=UNCONFIRMED)
    await add(records, first, second)
    assert await records.accounts.save(replace(first, state=AccountState.ACTIVE))
    assert not await records.accounts.save(replace(second, state=AccountState.ACTIVE))
    kept = await records.accounts.get(second.id)
    assert kept is not None
    assert kept.state is UNCONFIRMED


async def test_a_registration_may_use_a_claimed_address(records: Records) -> None:
    await add(
        records, an_account("anna", email="a@beispiel.at"), an_account("x", email="a@beispiel.at", state=UNCONFIRMED)
    )


async def test_saving_changes_neither_name_nor_address(records: Records) -> None:
    account = an_account("anna")
    await add(records, account)
    changed = replace(account, language="en", password_hash="new", street="Ungargasse 12", terms_version="2026-11")
    assert await records.accounts.save(replace(changed, username="other", email="other@beispiel.at"))
    assert await records.accounts.get(account.id) == changed


async def test_login_finds_by_name_and_by_claimed_address_only(records: Records) -> None:
    anna = an_account("anna", email="a@beispiel.at")
    pending = an_account("berta", email="b@beispiel.at", state=UNCONFIRMED)
    await add(records, anna, pending)
    accounts = records.accounts
    assert await accounts.find_for_login(" ANNA ") == anna
    assert await accounts.find_for_login("A@Beispiel.at") == anna
    assert await accounts.find_for_login("berta") == pending
    assert await accounts.find_for_login("b@beispiel.at") is None
    assert await accounts.find_for_login("nobody") is None


async def test_reset_prefers_the_name_then_the_owner_then_the_newest_registration(records: Records) -> None:
    mail = "a@beispiel.at"
    older = an_account("older", email=mail, state=UNCONFIRMED)
    newer = an_account("newer", email=mail, state=UNCONFIRMED, created_at=NOW + timedelta(hours=1))
    await add(records, older, newer)
    find = records.accounts.find_for_reset
    assert await find("older") == older
    assert await find(mail) == newer
    owner = an_account("owner", email=mail)
    await add(records, owner)
    assert await find(mail) == owner
    assert await find("newer") == newer


async def test_a_closed_account_claims_nothing(records: Records) -> None:
    await add(records, an_account("anna", email="a@beispiel.at", state=AccountState.CLOSED))
    assert await records.accounts.find_claiming("a@beispiel.at") is None
    assert await records.accounts.find_for_reset("a@beispiel.at") is None


async def test_a_closed_account_gives_up_the_address_that_was_its_name(records: Records) -> None:
    mail = "a@beispiel.at"
    closed = an_account(mail, email=mail, state=AccountState.CLOSED)
    named, invited = an_account("named", email=mail), an_account(mail, email=mail, state=AccountState.INVITED)
    await add(records, closed)
    assert (await records.imports.taken([], [mail], [mail])).usernames == frozenset()
    await add(records, invited)
    kept = await records.accounts.get(closed.id)
    assert kept == replace(closed, username=f"closed:{closed.id}")
    assert kept.known_as == mail
    assert await records.accounts.find_for_login(mail) == invited
    assert not await records.accounts.add(named)
    assert not await records.accounts.save(replace(kept, state=AccountState.ACTIVE))


async def test_a_closed_account_gives_the_address_up_to_whoever_claims_it(records: Records) -> None:
    first, second = "a@beispiel.at", "b@beispiel.at"
    closed = [an_account(mail, email=mail, state=AccountState.CLOSED) for mail in (first, second)]
    pending, other = an_account("pending", email=first, state=UNCONFIRMED), an_account("other")
    await add(records, *closed, pending, other)
    assert await records.accounts.find_for_reset(first) == closed[0]
    assert await records.accounts.save(replace(pending, state=AccountState.ACTIVE))
    assert await records.accounts.find_for_login(first) == replace(pending, state=AccountState.ACTIVE)
    assert await records.accounts.change_address(other.id, email=second, username=second)
    found = await records.accounts.find_for_login(second)
    assert found is not None
    assert found.id == other.id


async def test_a_closed_account_keeps_a_name_that_is_no_address(records: Records) -> None:
    await add(records, an_account("anna", state=AccountState.CLOSED))
    assert not await records.accounts.add(an_account("anna", email="other@beispiel.at"))
    assert set((await records.imports.taken([], ["anna"], [])).usernames) == {"anna"}


async def test_staff_of_a_role_are_locked_in_the_order_of_their_ids_while_they_are_active(records: Records) -> None:
    def member(name: str, *roles: str, **changes: Any) -> Account:
        return an_account(name, roles=frozenset(roles), **changes)

    admins = [member(f"admin{number}", "admin", "editor") for number in range(3)]
    others = [member("locked", "admin", state=AccountState.LOCKED), member("agent", "agent"), an_account("anna")]
    await add(records, *admins, *others)
    assert await records.accounts.lock_staff("admin") == sorted(admins, key=lambda admin: admin.id)
    assert await records.accounts.lock_staff("agent") == [others[1]]
    assert await records.accounts.lock_staff("advisor") == []


async def test_the_address_of_a_registration_alone_is_set(records: Records) -> None:
    pending, anna = an_account("pending", state=UNCONFIRMED), an_account("anna")
    await add(records, pending, anna)
    for account in (pending, anna, an_account("gone")):
        await records.accounts.set_unconfirmed_email(account.id, "Neu@Beispiel.at")
    assert await records.accounts.get(pending.id) == replace(pending, email="Neu@Beispiel.at")
    assert await records.accounts.get(anna.id) == anna
    assert await records.accounts.find_for_reset("neu@beispiel.at") == replace(pending, email="Neu@Beispiel.at")


async def test_only_unconfirmed_accounts_are_deleted(records: Records) -> None:
    pending, active = an_account("pending", state=UNCONFIRMED), an_account("active")
    await add(records, pending, active)
    assert await records.accounts.delete_unconfirmed(pending.id)
    assert not await records.accounts.delete_unconfirmed(pending.id)
    assert not await records.accounts.delete_unconfirmed(active.id)
    assert await records.accounts.get(active.id) == active


async def test_stale_registrations_come_oldest_first(records: Records) -> None:
    made = [an_account(f"r{day}", state=UNCONFIRMED, created_at=NOW - timedelta(days=day)) for day in (9, 1, 12)]
    await add(records, *made, an_account("active", created_at=NOW - timedelta(days=99)))
    week = NOW - timedelta(days=7)
    assert await records.accounts.stale_registrations(week, 10) == [made[2].id, made[0].id]
    assert await records.accounts.stale_registrations(week, 1) == [made[2].id]


async def test_an_active_account_may_owe_its_password(records: Records) -> None:
    account = an_account()
    await add(records, account)
    assert await records.accounts.save(replace(account, password_hash=None))
    assert await records.accounts.get(account.id) == replace(account, password_hash=None)


async def test_a_challenge_keeps_the_address_that_its_mail_goes_to(records: Records) -> None:
    account = an_account()
    await add(records, account)
    challenge = a_challenge(account, email="neu@beispiel.at")
    await records.challenges.add(challenge)
    assert await records.challenges.get(challenge.id) == challenge


async def test_a_challenge_is_used_once(records: Records) -> None:
    account = an_account()
    await add(records, account)
    challenge = a_challenge(account)
    await records.challenges.add(challenge)
    assert await records.challenges.get(challenge.id) == challenge
    assert await records.challenges.use(challenge.id, NOW)
    assert not await records.challenges.use(challenge.id, NOW)
    used = await records.challenges.get(challenge.id)
    assert used is not None
    assert used.state(NOW) is ChallengeState.USED


async def test_a_challenge_is_not_used_at_or_after_its_end(records: Records) -> None:
    account = an_account()
    await add(records, account)
    challenge = a_challenge(account)
    await records.challenges.add(challenge)
    assert not await records.challenges.use(challenge.id, challenge.expires_at)
    assert not await records.challenges.use(uuid4(), NOW)


async def test_replacing_touches_one_account_and_purpose(records: Records) -> None:
    anna, berta = an_account("anna"), an_account("berta")
    await add(records, anna, berta)
    mine, other_purpose = a_challenge(anna), a_challenge(anna, Purpose.CONFIRM_REGISTRATION)
    theirs, nobodys = a_challenge(berta), a_challenge(None, Purpose.NOTHING)
    for challenge in (mine, other_purpose, theirs, nobodys):
        await records.challenges.add(challenge)
    await records.challenges.replace_open(anna.id, Purpose.RESET_PASSWORD, NOW)
    await records.challenges.replace_open(None, Purpose.NOTHING, NOW)
    states = {}
    for challenge in (mine, other_purpose, theirs, nobodys):
        found = await records.challenges.get(challenge.id)
        assert found is not None
        states[challenge.id] = found.state(NOW)
    assert states[mine.id] is ChallengeState.REPLACED
    assert {states[c.id] for c in (other_purpose, theirs, nobodys)} == {ChallengeState.OPEN}
    assert not await records.challenges.use(mine.id, NOW)


async def test_old_challenges_are_deleted(records: Records) -> None:
    old, new = (
        a_challenge(None, Purpose.NOTHING, expires_at=NOW - timedelta(days=8)),
        a_challenge(None, Purpose.NOTHING),
    )
    await records.challenges.add(old)
    await records.challenges.add(new)
    assert await records.challenges.delete_older(NOW - timedelta(days=7)) == 1
    assert await records.challenges.get(new.id) == new


async def test_a_session_is_found_with_its_account(records: Records) -> None:
    account = an_account(roles=frozenset({"agent"}))
    await add(records, account)
    session = a_session(account, pending=True, second_factor=False, remembered=True, device_name="Küche")
    await records.sessions.add(session)
    assert await records.sessions.find(session.token_hash) == (session, account)
    assert await records.sessions.find(b"unknown") is None


async def test_activity_is_noted(records: Records) -> None:
    account = an_account()
    await add(records, account)
    session = a_session(account)
    await records.sessions.add(session)
    seen, idle = NOW + timedelta(minutes=5), NOW + timedelta(hours=3)
    await records.sessions.touch(session.id, seen, idle)
    assert await records.sessions.of_account(account.id) == [replace(session, seen_at=seen, idle_until=idle)]


async def test_sessions_end_for_one_account_only(records: Records) -> None:
    anna, berta = an_account("anna"), an_account("berta")
    await add(records, anna, berta)
    one, two, foreign = a_session(anna), a_session(anna), a_session(berta)
    for session in (one, two, foreign):
        await records.sessions.add(session)
    assert await records.sessions.delete(anna.id, [foreign.id, one.id]) == [one.id]
    assert await records.sessions.delete(anna.id) == [two.id]
    assert await records.sessions.delete(anna.id) == []
    assert await records.sessions.of_account(berta.id) == [foreign]


async def test_expired_sessions_are_deleted(records: Records) -> None:
    account = an_account()
    await add(records, account)
    past = NOW - timedelta(seconds=1)
    for session in (a_session(account), a_session(account, idle_until=past), a_session(account, expires_at=past)):
        await records.sessions.add(session)
    assert await records.sessions.delete_expired(NOW) == 2


async def test_counters_are_locked_saved_and_cleared(records: Records) -> None:
    throttles = records.throttles
    assert await throttles.lock("key", NOW) is None
    tally = Tally(3, NOW, NOW + timedelta(minutes=1))
    await throttles.save("key", tally)
    assert await throttles.lock("key", NOW) == tally
    await throttles.clear(["key", "other"])
    assert await throttles.lock("key", NOW) is None


async def test_counters_of_one_account_are_cleared_together(records: Records) -> None:
    account, other = uuid4(), uuid4()
    keys = [f"{account}:login:", f"{account}:code:device", f"{other}:login:"]
    for key in keys:
        await records.throttles.lock(key, NOW)
        await records.throttles.save(key, Tally(1, NOW, NOW))
    await records.throttles.clear_account(account)
    left = [await records.throttles.lock(key, NOW) for key in keys]
    assert left == [None, None, Tally(1, NOW, NOW)]


async def test_idle_counters_are_deleted_but_no_pause(records: Records) -> None:
    past = NOW - timedelta(days=3)
    for key, tally in {
        "idle": Tally(1, past, past),
        "paused": Tally(100, past, NOW + timedelta(days=1)),
        "fresh": Tally(1, NOW, NOW),
    }.items():
        await records.throttles.lock(key, past)
        await records.throttles.save(key, tally)
    assert await records.throttles.delete_idle(NOW - timedelta(days=2), NOW) == 1
    assert await records.throttles.lock("idle", NOW) is None


async def test_the_latest_challenge_of_an_account_and_purpose_is_found(records: Records) -> None:
    anna, berta = an_account("anna"), an_account("berta")
    await add(records, anna, berta)
    older, newer = a_challenge(anna), a_challenge(anna, issued_at=NOW + timedelta(minutes=1))
    for challenge in (newer, older, a_challenge(anna, Purpose.CONFIRM_REGISTRATION), a_challenge(None)):
        await records.challenges.add(challenge)
    assert await records.challenges.latest(anna.id, Purpose.RESET_PASSWORD) == newer
    assert await records.challenges.latest(berta.id, Purpose.RESET_PASSWORD) is None
    assert await records.challenges.latest(None, Purpose.RESET_PASSWORD) is None


async def test_an_address_changes_with_its_user_name_unless_one_is_taken(records: Records) -> None:
    anna = an_account("anna", email="a@beispiel.at")
    await add(records, anna, an_account("berta", email="b@beispiel.at"))
    change = records.accounts.change_address
    assert not await change(anna.id, email="B@Beispiel.at", username="anna")
    assert not await change(anna.id, email="c@beispiel.at", username="BERTA")
    assert await records.accounts.get(anna.id) == anna
    assert await change(anna.id, email="c@beispiel.at", username="c@beispiel.at")
    assert await records.accounts.find_for_login("c@beispiel.at") == replace(
        anna, email="c@beispiel.at", username="c@beispiel.at"
    )


async def test_objections_are_replaced_by_address_and_from_a_time_on(records: Records) -> None:
    anna = an_account("anna")
    await add(records, anna)
    later = NOW + timedelta(minutes=1)
    first = a_challenge(anna, Purpose.EMAIL_CHANGE_DONE, email="a@beispiel.at")
    second = a_challenge(anna, Purpose.EMAIL_CHANGE_STARTED, email="b@beispiel.at", issued_at=later)
    other = a_challenge(anna, issued_at=later)
    for challenge in (first, second, other):
        await records.challenges.add(challenge)
    await records.challenges.replace_open(anna.id, Purpose.EMAIL_CHANGE_DONE, NOW, email="b@beispiel.at")
    await records.challenges.replace_objections(anna.id, later, later)
    used = [await records.challenges.use(challenge.id, later) for challenge in (first, second, other)]
    assert used == [True, False, True]
