"""Another mail address, through real mails: confirmed by the new mailbox, undone by the old one."""

from journey_people import People, log_in
from journey_portal import Portal
from journey_visitor import Visitor

BRANDS = ("mailed",)
OLD, NEW = "clara.moeller@stadtarchiv-husum.example", "clara.neu@stadtarchiv-husum.example"
CONFIRM, STARTED, DONE = "Bestätigen Sie Ihre neue", "soll geändert werden", "wurde geändert"


def asks_for(visitor: Visitor, email: str) -> None:
    """Enters another address in the settings."""
    visitor.open("/settings")
    visitor.follow("E-Mail-Adresse")
    visitor.fill(email=email)
    visitor.press("Link senden")
    visitor.sees("Eine E-Mail an die neue Adresse ist unterwegs", email)


def test_the_new_address_confirms_and_the_old_one_undoes_it(people: People, portal: Portal) -> None:
    visitor = people.stranger()
    log_in(visitor, OLD, people.password(OLD))
    asks_for(visitor, "wrong@stadtarchiv-husum.example")
    visitor.press("Alte Adresse behalten")
    visitor.does_not_see("wrong@stadtarchiv-husum.example")
    asks_for(visitor, NEW)
    assert len(portal.mailbox.to(NEW, DONE)) == 0
    portal.mailbox.wait(OLD, STARTED, count=2)
    visitor.open(portal.mailbox.wait(NEW, CONFIRM).link)
    visitor.press("Adresse bestätigen")
    visitor.sees("Ihre E-Mail-Adresse ist geändert")
    again = people.stranger()
    log_in(again, NEW, people.password(OLD))
    again.sees("Clara")

    owner = people.stranger()
    owner.open(portal.mailbox.wait(OLD, DONE).link)
    owner.press("Das war ich nicht")
    owner.sees("Die Änderung ist rückgängig gemacht")
    visitor.open("/settings")
    assert visitor.path.startswith("/login"), "all logins are over"
    log_in(owner, OLD, people.password(OLD), status=422)
    owner.open(portal.mailbox.wait(OLD, "Möchten Sie ein neues Passwort?").link)
    owner.sees("Neues Passwort zusenden lassen?")
