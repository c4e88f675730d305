"""Opening, commenting, answering, assigning, closing: the use cases on fakes."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from chassis.errors import DomainError, ErrorKind
from ticketing.domain.membership import UNKNOWN, Membership
from ticketing.domain.reach import DeskReach
from ticketing.domain.ticket import EntryKind, Ticket
from ticketing.domain.ticket_state import TicketState
from ticketing.domain.transitions import Action
from ticketing.domain.visibility import Viewer, Visibility
from ticketing.usecases.add_note import add_note
from ticketing.usecases.answer_ticket import Answer, answer_ticket
from ticketing.usecases.assign_ticket import assign_ticket, take_ticket
from ticketing.usecases.change_visibility import change_visibility
from ticketing.usecases.close_silent_tickets import close_silent_tickets
from ticketing.usecases.comment_ticket import Commented, comment_ticket
from ticketing.usecases.move_own_ticket import move_own_ticket
from ticketing.usecases.open_ticket import Draft, place_of
from ticketing.usecases.writing import NotAllowedNow, TicketNotFound
from ticketing_bench import Bench
from ticketing_builders import AGENT, ANNA, JONAS, NUMBER_ID, OTHER_WORKS, STRANGER, WORKS, a_membership, a_policy

DRAFT = Draft("incident", "Buchungslauf", "Er bricht ab.")


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def comment(bench: Bench, ticket: Ticket, who: UUID = ANNA, *organisations: UUID) -> Commented:
    viewer = Viewer(who, frozenset(organisations or {WORKS}))
    return await comment_ticket(
        ticket.id, "Noch etwas.", viewer=viewer, membership=a_membership(*viewer.organisations), writing=bench.writing
    )


class TestOpening:
    async def test_it_has_a_number_the_text_as_first_entry_and_an_event(self, bench: Bench) -> None:
        ticket = await bench.open(DRAFT)
        assert str(ticket.number) == "T-2026-00001"
        assert ticket.state is TicketState.NEW
        assert [entry.text for entry in bench.history(ticket)] == ["Er bricht ab."]
        assert bench.events.sent == [("opened", ticket.id, "incident")]

    async def test_the_year_of_the_number_is_the_brands(self, bench: Bench) -> None:
        bench.clock.advance(timedelta(days=39, hours=14, minutes=30))  # 31 December, 23:30 UTC: New Year in Vienna
        assert (await bench.open(DRAFT)).number.year == 2027

    def test_the_organisation_is_that_of_the_number_or_the_only_one(self) -> None:
        both = a_membership(WORKS, OTHER_WORKS)
        policy = a_policy()
        assert place_of(Draft("idea", "s", "t", NUMBER_ID), both, policy).organisation_id == WORKS
        assert place_of(DRAFT, a_membership(), policy).organisation_id == WORKS
        assert place_of(DRAFT, both, policy).organisation_id is None
        chosen = Draft("idea", "s", "t", organisation_id=OTHER_WORKS)
        assert place_of(chosen, both, policy).organisation_id == OTHER_WORKS

    @pytest.mark.parametrize("default", [Visibility.OWN, Visibility.ORGANISATION])
    def test_the_brand_decides_who_sees_it_unless_the_reporter_does(self, default: Visibility) -> None:
        policy = a_policy(default)
        assert place_of(DRAFT, a_membership(), policy).visibility is default
        own = Draft("incident", "s", "t", visibility=Visibility.OWN)
        assert place_of(own, a_membership(), policy).visibility is Visibility.OWN
        assert place_of(DRAFT, Membership(), policy).visibility is Visibility.OWN

    @pytest.mark.parametrize(
        ("draft", "field"),
        [
            (Draft("", "s", "t"), "kind"),
            (Draft("nonsense", "s", "t"), "kind"),
            (Draft("idea", "  ", "t"), "subject"),
            (Draft("idea", "s" * 201, "t"), "subject"),
            (Draft("idea", "s\nt", "t"), "subject"),
            (Draft("idea", "s", "\n"), "text"),
            (Draft("idea", "s", "t" * 10_001), "text"),
            (Draft("idea", "s", "nul \x00"), "text"),
            (Draft("idea", "half \ud800", "t"), "subject"),
            (Draft("idea", "s", "t", uuid4()), "customer"),
            (Draft("idea", "s", "t", organisation_id=OTHER_WORKS), "organisation"),
            (Draft("idea", "s", "t", visibility=Visibility.CONFIDENTIAL), "visibility"),
        ],
    )
    def test_what_is_wrong_is_said_by_field(self, draft: Draft, field: str) -> None:
        with pytest.raises(DomainError) as caught:
            place_of(draft, a_membership(), a_policy())
        assert caught.value.kind is ErrorKind.INVALID
        assert field in caught.value.fields

    def test_nobody_shares_with_an_organisation_without_one(self) -> None:
        shared = Draft("idea", "s", "t", visibility=Visibility.ORGANISATION)
        with pytest.raises(DomainError) as caught:
            place_of(shared, Membership(), a_policy())
        assert set(caught.value.fields) == {"visibility"}

    def test_a_number_that_nobody_can_check_is_no_fault_of_the_person(self) -> None:
        with pytest.raises(DomainError) as caught:
            place_of(Draft("idea", "s", "t", NUMBER_ID), UNKNOWN, a_policy())
        assert caught.value.kind is ErrorKind.UNAVAILABLE
        assert place_of(DRAFT, UNKNOWN, a_policy()).organisation_id is None


class TestCommenting:
    async def test_it_is_said_and_told_and_moves_nothing_on_a_new_ticket(self, bench: Bench) -> None:
        ticket = await bench.open(DRAFT)
        bench.clock.advance(60)
        done = await comment(bench, ticket)
        assert bench.now(ticket).updated_at == bench.clock()
        assert bench.now(ticket).state is TicketState.NEW
        assert bench.events.sent[-1] == ("commented", ticket.id, done.comment_id)

    @pytest.mark.parametrize("state", [TicketState.WAITING, TicketState.RESOLVED, TicketState.CLOSED])
    async def test_it_brings_the_ticket_back_to_work(self, bench: Bench, state: TicketState) -> None:
        ticket = await bench.open(DRAFT)
        await bench.bring_to(ticket, state)
        done = await comment(bench, ticket)
        assert bench.now(ticket).state is TicketState.IN_PROGRESS
        assert bench.now(ticket).answer_due is None
        assert bench.events.names[-2:] == ["commented", "state_changed"]
        assert bench.history(ticket)[-1].comment_id == done.comment_id

    @pytest.mark.parametrize(
        "state", [TicketState.CLOSED, TicketState.WITHDRAWN, TicketState.REJECTED, TicketState.NOTED]
    )
    async def test_after_fourteen_days_it_opens_a_ticket_that_refers_to_the_old_one(
        self, bench: Bench, state: TicketState
    ) -> None:
        kind = "idea" if state is TicketState.NOTED else "change"
        ticket = await bench.open(Draft(kind, "Buchungslauf", "Er bricht ab.", NUMBER_ID))
        await bench.bring_to(ticket, state)
        bench.clock.advance(timedelta(days=14, seconds=1))
        done = await comment(bench, ticket)
        assert done.follow_up
        assert done.ticket.follows == ticket.id
        assert (done.ticket.kind, done.ticket.subject, done.ticket.customer_id) == (kind, ticket.subject, NUMBER_ID)
        assert bench.now(ticket).state is state
        assert bench.history(done.ticket)[0].text == "Noch etwas."

    async def test_a_follow_up_takes_along_only_what_the_person_still_has(self, bench: Bench) -> None:
        ticket = await bench.open(Draft("incident", "s", "t", NUMBER_ID))
        await bench.bring_to(ticket, TicketState.CLOSED)
        bench.clock.advance(timedelta(days=15))
        done = await comment_ticket(
            ticket.id, "Noch etwas.", viewer=Viewer(ANNA), membership=Membership(), writing=bench.writing
        )
        assert (done.ticket.organisation_id, done.ticket.customer_id) == (None, None)
        assert done.ticket.visibility is Visibility.OWN

    async def test_a_colleague_comments_if_the_brand_lets_him(self) -> None:
        bench = Bench(a_policy(colleagues_comment=False))
        ticket = await bench.open(DRAFT)
        with pytest.raises(DomainError) as caught:
            await comment(bench, ticket, JONAS)
        assert caught.value.kind is ErrorKind.FORBIDDEN
        await comment(bench, ticket, ANNA)

    async def test_for_a_stranger_there_is_no_such_ticket(self, bench: Bench) -> None:
        ticket = await bench.open(DRAFT)
        with pytest.raises(TicketNotFound):
            await comment(bench, ticket, STRANGER, OTHER_WORKS)

    async def test_an_empty_comment_is_none(self, bench: Bench) -> None:
        ticket = await bench.open(DRAFT)
        with pytest.raises(DomainError) as caught:
            await comment_ticket(ticket.id, " \n", viewer=Viewer(ANNA), membership=Membership(), writing=bench.writing)
        assert caught.value.fields == {"text": "text_missing"}


class TestOwnMoves:
    async def test_reporter_and_colleague_confirm_and_only_the_reporter_withdraws(self, bench: Bench) -> None:
        solved, unwanted = await bench.open(DRAFT), await bench.open(DRAFT)
        await bench.bring_to(solved, TicketState.RESOLVED)
        jonas = Viewer(JONAS, frozenset({WORKS}))
        await move_own_ticket(solved.id, Action.CONFIRM, viewer=jonas, writing=bench.writing)
        assert bench.now(solved).state is TicketState.CLOSED
        with pytest.raises(NotAllowedNow):
            await move_own_ticket(unwanted.id, Action.WITHDRAW, viewer=jonas, writing=bench.writing)
        await move_own_ticket(unwanted.id, Action.WITHDRAW, viewer=Viewer(ANNA), writing=bench.writing)
        assert bench.now(unwanted).state is TicketState.WITHDRAWN

    @pytest.mark.parametrize("action", sorted(set(Action) - {Action.CONFIRM, Action.WITHDRAW}))
    async def test_nothing_else_is_a_customers_move(self, bench: Bench, action: Action) -> None:
        ticket = await bench.open(DRAFT)
        with pytest.raises(DomainError) as caught:
            await move_own_ticket(ticket.id, action, viewer=Viewer(ANNA), writing=bench.writing)
        assert caught.value.kind is ErrorKind.FORBIDDEN

    async def test_what_staff_made_confidential_the_reporter_does_not_open_again(self, bench: Bench) -> None:
        ticket = await bench.open(DRAFT)
        staff, anna = Viewer(AGENT, staff=True), Viewer(ANNA, frozenset({WORKS}))
        await change_visibility(ticket.id, Visibility.CONFIDENTIAL, viewer=staff, writing=bench.writing)
        with pytest.raises(DomainError) as caught:
            await change_visibility(ticket.id, Visibility.ORGANISATION, viewer=anna, writing=bench.writing)
        assert caught.value.kind is ErrorKind.FORBIDDEN

    async def test_a_change_of_visibility_is_in_the_history_once(self, bench: Bench) -> None:
        ticket = await bench.open(DRAFT)
        anna = Viewer(ANNA, frozenset({WORKS}))
        for _ in range(2):
            await change_visibility(ticket.id, Visibility.OWN, viewer=anna, writing=bench.writing)
        kinds = [entry.kind for entry in bench.history(ticket)]
        assert kinds == [EntryKind.COMMENT, EntryKind.VISIBILITY]


class TestDesk:
    async def test_to_take_a_new_ticket_is_to_work_on_it(self, bench: Bench) -> None:
        ticket = await bench.open(DRAFT)
        await take_ticket(ticket.id, agent=AGENT, writing=bench.writing)
        assert (bench.now(ticket).assignee_id, bench.now(ticket).state) == (AGENT, TicketState.IN_PROGRESS)
        await take_ticket(ticket.id, agent=AGENT, writing=bench.writing)
        assert bench.events.names == ["opened", "assigned", "state_changed"]

    async def test_a_ticket_is_given_to_those_who_work_at_the_desk(self, bench: Bench) -> None:
        ticket = await bench.open(DRAFT)
        with pytest.raises(DomainError) as caught:
            await assign_ticket(ticket.id, STRANGER, agent=AGENT, writing=bench.writing)
        assert caught.value.fields == {"assignee": "assignee_unknown"}
        await bench.writing.tickets.remember_agent(JONAS, bench.clock())
        await assign_ticket(ticket.id, JONAS, agent=AGENT, writing=bench.writing)
        await assign_ticket(ticket.id, None, agent=AGENT, writing=bench.writing)
        assert bench.now(ticket).assignee_id is None
        assert bench.events.names == ["opened", "assigned", "assigned"]

    @pytest.mark.parametrize(
        ("answer", "field"),
        [
            (Answer(), "text"),
            (Answer(action=Action.ASK), "text"),
            (Answer(action=Action.REJECT), "text"),
            (Answer("Bitte", Action.ASK, answer_due=Bench.today() - timedelta(days=1)), "answer_due"),
            (Answer("Doppelt", Action.MARK_DUPLICATE), "other"),
            (Answer("Doppelt", Action.MARK_DUPLICATE, other="T-2026-99999"), "other"),
            (Answer("Doppelt", Action.MARK_DUPLICATE, other="T-2026-00001"), "other"),
        ],
    )
    async def test_what_the_table_asks_for_is_asked_for(self, bench: Bench, answer: Answer, field: str) -> None:
        ticket = await bench.open(Draft("change", "s", "t"))
        with pytest.raises(DomainError) as caught:
            await answer_ticket(ticket.id, answer, agent=AGENT, writing=bench.writing)
        assert set(caught.value.fields) == {field}
        assert len(bench.history(ticket)) == 1

    async def test_question_and_state_are_one_step(self, bench: Bench) -> None:
        ticket = await bench.open(DRAFT)
        answer = Answer("Welche Version?", Action.ASK, answer_due=Bench.today())
        await answer_ticket(ticket.id, answer, agent=AGENT, writing=bench.writing)
        assert (bench.now(ticket).state, bench.now(ticket).answer_due) == (TicketState.WAITING, Bench.today())
        said, step = bench.history(ticket)[-2:]
        assert (said.text, said.by_staff, step.comment_id) == ("Welche Version?", True, said.id)

    async def test_a_duplicate_names_the_other_ticket_and_two_do_not_name_each_other(self, bench: Bench) -> None:
        one, other = await bench.open(DRAFT), await bench.open(DRAFT)
        doubled = Answer("Doppelt.", Action.MARK_DUPLICATE, other=str(other.number))
        await answer_ticket(one.id, doubled, agent=AGENT, writing=bench.writing)
        assert bench.now(one).duplicate_of == other.id
        back = Answer("Doppelt.", Action.MARK_DUPLICATE, other=str(one.number))
        with pytest.raises(DomainError):
            await answer_ticket(other.id, back, agent=AGENT, writing=bench.writing)

    async def test_an_action_that_the_table_lacks_changes_nothing(self, bench: Bench) -> None:
        ticket = await bench.open(DRAFT)
        with pytest.raises(NotAllowedNow):
            await answer_ticket(ticket.id, Answer("Fertig.", Action.RESOLVE), agent=AGENT, writing=bench.writing)
        assert len(bench.history(ticket)) == 1

    async def test_sec_z05_a_note_leaves_no_trace_that_a_customer_or_a_system_could_see(self, bench: Bench) -> None:
        ticket = await bench.open(DRAFT)
        sent = list(bench.events.sent)
        bench.clock.advance(3600)
        await add_note(ticket.id, "Der Index ist schuld.", agent=AGENT, writing=bench.writing)
        assert bench.now(ticket) == ticket
        assert bench.events.sent == sent
        assert [entry.text for entry in await bench.store.talk(ticket.id, DeskReach(), size=9)] == ["Er bricht ab."]


class TestClosing:
    async def test_fourteen_days_of_silence_close_what_is_resolved(self, bench: Bench) -> None:
        silent, heard, waiting = [await bench.open(DRAFT) for _ in range(3)]
        await bench.bring_to(silent, TicketState.RESOLVED)
        await bench.bring_to(waiting, TicketState.WAITING)
        bench.clock.advance(timedelta(days=1))
        await bench.bring_to(heard, TicketState.RESOLVED)
        bench.clock.advance(timedelta(days=13))
        assert await close_silent_tickets(10, writing=bench.writing) == 1
        assert bench.now(silent).state is TicketState.CLOSED
        assert bench.history(silent)[-1].author_id is None
        assert bench.now(heard).state is TicketState.RESOLVED
        assert bench.now(waiting).state is TicketState.WAITING
        assert bench.events.names[-1] == "state_changed"

    async def test_it_goes_in_batches(self, bench: Bench) -> None:
        for _ in range(3):
            await bench.bring_to(await bench.open(DRAFT), TicketState.RESOLVED)
        bench.clock.advance(timedelta(days=20))
        assert [await close_silent_tickets(2, writing=bench.writing) for _ in range(3)] == [2, 1, 0]
