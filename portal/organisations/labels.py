"""Words for organisations."""

from __future__ import annotations

from portal.i18n import lazy
from portal.journal.telling import department
from portal.organisations.lifecycle import Status

STATUS = {
    Status.ASKED: lazy("gevraagd"),
    Status.ADMITTED: lazy("aanvaard"),
    Status.REFUSED: lazy("geweigerd"),
    Status.WITHDRAWN: lazy("ingetrokken"),
}


VERBS = {
    "admit": lazy("Aanvaarden"),
    "refuse": lazy("Weigeren"),
    "withdraw_request": lazy("Niet langer vragen"),
}
REFUSALS = {
    "member_already": lazy("U handelt al voor deze organisatie."),
    "join_asked_already": lazy("U vroeg dit al. U krijgt een mail zodra iemand beslist."),
    "invited_member": lazy("Dit adres hoort bij iemand die al lid is."),
    "too_many_invitations": lazy(
        "Er wachten al %(most)s uitnodigingen. Trek er eerst een in, of wacht tot er een aangenomen is."
    ),
    "mailed_too_often": lazy("Naar dit adres gingen net al enkele mails. Probeer over een uur opnieuw."),
    "invitation_of_another": lazy(
        "Deze uitnodiging is voor een ander e-mailadres dan dat van uw account. Meld u af en open de link "
        "opnieuw."
    ),
    "merged_since": lazy("Deze organisatie ging op in %(name)s (%(number)s). Vraag het voor die organisatie."),
    "merged_into_itself": lazy("Kies een andere organisatie: een organisatie gaat niet op in zichzelf."),
    "unknown_organisation": lazy(
        "Dit ondernemingsnummer staat niet in het portaal. Kijk het na, of laat eerst iemand van die "
        "organisatie lid worden."
    ),
    "merged_into_none": lazy(
        "Die organisatie is zelf uitgeschakeld of opgegaan in een andere. Kies die andere."
    ),
    "organisation_ended": lazy(
        "Deze organisatie is intussen uitgeschakeld of opgegaan in een andere. Weiger de vraag, en zeg welke "
        "organisatie het nu is."
    ),
    "merged_already": lazy("Deze organisatie ging al op in een andere."),
    "merger_to_come": lazy("Deze dag moet nog komen. Voeg de organisaties samen zodra het zover is."),
    "own_request": lazy("Over uw eigen vraag beslist iemand anders."),
    "managers_decide": lazy("Dit beslist een beheerder van de organisatie. Vraag het aan een van hen."),
    "last_manager": lazy(
        "Dit is de laatste beheerder van deze organisatie, en er zijn nog andere leden. Maak eerst een van "
        "hen beheerder."
    ),
}
ATTEMPTS = {
    "account.join": lazy("Lid worden van een organisatie"),
    "account.ask_to_join": lazy("Vragen om voor een organisatie te handelen"),
    "account.withdraw_request": lazy("Een vraag intrekken"),
    "account.admit": lazy("Een vraag aanvaarden"),
    "account.refuse": lazy("Een vraag weigeren"),
    "mailed_link.withdraw_invitation": lazy("Een uitnodiging intrekken"),
    "mailed_link.join_by_link": lazy("Met een link lid worden"),
    "mailed_link.enrol_by_invitation": lazy("Met een uitnodiging een account maken"),
    "organisation.invite": lazy("Iemand uitnodigen"),
    "organisation.propose_merger": lazy("Een samenvoeging voorstellen"),
    "organisation.propose_switch": lazy("Voorstellen om een organisatie uit of in te schakelen"),
    "organisation.merge": lazy("Organisaties samenvoegen"),
    "organisation.disable_organisation": lazy("Een organisatie uitschakelen"),
    "organisation.enable_organisation": lazy("Een organisatie inschakelen"),
    "organisation.make_manager": lazy("Iemand beheerder van de organisatie maken"),
    "organisation.end_manager": lazy("Iemand geen beheerder meer laten zijn"),
    "organisation.leave": lazy("Een organisatie verlaten"),
}
ENTRIES = {
    "account.joined": department(lazy("Lid geworden van een organisatie")),
    "account.left": department(lazy("Geen lid meer van een organisatie")),
    "account.membership_asked": department(
        lazy("Gevraagd om voor een organisatie te handelen: %(organisation)s")
    ),
    "account.membership_withdrawn": department(
        lazy("Vraag om voor een organisatie te handelen ingetrokken: %(organisation)s")
    ),
    "account.membership_admitted": department(
        lazy("Vraag om voor een organisatie te handelen aanvaard: %(organisation)s")
    ),
    "account.membership_refused": department(
        lazy("Vraag om voor een organisatie te handelen geweigerd: %(organisation)s. %(reason)s")
    ),
    "organisation.change_proposed": department(lazy("Wijziging van de organisatie voorgesteld")),
    "organisation.merged": department(lazy("Opgegaan in %(into)s. %(reason)s")),
    "organisation.disabled": department(lazy("Organisatie uitgeschakeld. %(reason)s")),
    "organisation.enabled": department(lazy("Organisatie weer ingeschakeld. %(reason)s")),
    "organisation.invited": department(lazy("Iemand uitgenodigd: %(email)s")),
    "organisation.invitation_withdrawn": department(lazy("Uitnodiging ingetrokken: %(email)s")),
    "organisation.manager_made": department(lazy("Beheerder van de organisatie geworden")),
    "organisation.manager_ended": department(lazy("Geen beheerder van de organisatie meer")),
    "organisation.registered": department(lazy("Organisatie geregistreerd")),
}
