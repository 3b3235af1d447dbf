"""Words for accounts."""

from __future__ import annotations

from portal.access import Role
from portal.accounts.lifecycle import Status
from portal.i18n import lazy

ROLES = {
    Role.VISITOR: lazy("bezoeker"),
    Role.MEMBER: lazy("iedereen met een account"),
    Role.APPLICANT: lazy("aanvrager"),
    Role.REVIEWER: lazy("beoordelaar"),
    Role.ADMINISTRATOR: lazy("beheerder"),
    Role.COSIGNER: lazy("medeondertekenaar"),
    Role.AUDITOR: lazy("auditor"),
    Role.SYSTEM: lazy("het portaal"),
}
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
        "Deze uitnodiging is voor een ander e-mailadres dan dat van uw account. Meld u af en open de link opnieuw."
    ),
    "merged_since": lazy("Deze organisatie ging op in %(name)s (%(number)s). Vraag het voor die organisatie."),
    "merged_into_itself": lazy("Kies een andere organisatie: een organisatie gaat niet op in zichzelf."),
    "unknown_organisation": lazy(
        "Dit ondernemingsnummer staat niet in het portaal. Kijk het na, of laat eerst iemand van die organisatie lid worden."
    ),
    "merged_into_none": lazy(
        "Die organisatie is zelf uitgeschakeld of opgegaan in een andere. Kies die andere."
    ),
    "organisation_ended": lazy(
        "Deze organisatie is intussen uitgeschakeld of opgegaan in een andere. Weiger de vraag, en zeg welke organisatie het nu is."
    ),
    "merged_already": lazy("Deze organisatie ging al op in een andere."),
    "merger_to_come": lazy("Deze dag moet nog komen. Voeg de organisaties samen zodra het zover is."),
    "identity_taken": lazy("Deze aanmelding van de overheid hoort al bij een account. Meld u daarmee aan."),
    "no_second_step": lazy("Dit account heeft geen tweede stap."),
    "wrong_shared_code": lazy(
        "Deze code klopt niet, of haar uur is om. Vraag wie u helpt om de code nog eens te zeggen, of om een nieuwe te maken."
    ),
    "too_many_shared": lazy("U deelt al %(most)s pagina's. Trek er eerst een in."),
    "own_request": lazy("Over uw eigen vraag beslist iemand anders."),
    "managers_decide": lazy("Dit beslist een beheerder van de organisatie. Vraag het aan een van hen."),
    "last_manager": lazy(
        "Dit is de laatste beheerder van deze organisatie, en er zijn nog andere leden. Maak eerst een van hen beheerder."
    ),
    "number_has_not_ten_digits": lazy(
        "Het ondernemingsnummer “%(number)s” klopt niet: het telt tien cijfers. Bijvoorbeeld 0000.100.166."
    ),
    "number_starts_wrong": lazy("Het ondernemingsnummer “%(number)s” klopt niet: het begint met 0 of 1."),
    "number_check_fails": lazy(
        "Het ondernemingsnummer “%(number)s” bestaat niet: het controlegetal klopt niet. "
        "Kijk de laatste twee cijfers na."
    ),
    "not_an_address": lazy("Dit is geen e-mailadres. Schrijf het zoals info@organisatie.example."),
    "address_taken": lazy("Er is al een account met dit e-mailadres."),
    "address_is_yours": lazy("Dit is al uw adres. Vul een ander adres in, of laat het zo."),
    "link_is_spent": lazy(
        "Deze link is al gebruikt of verlopen, of er veranderde intussen iets aan uw account. Vraag een nieuwe."
    ),
    "password_too_short": lazy(
        "Dit wachtwoord is te kort: neem minstens %(least)s tekens. Een zin van een paar woorden is goed en makkelijk te "
        "onthouden."
    ),
    "password_too_long": lazy("Dit wachtwoord is te lang: neem hoogstens %(most)s tekens."),
    "password_too_easy": lazy(
        "Dit wachtwoord is te makkelijk te raden. Neem een paar woorden die niets met elkaar te maken hebben."
    ),
    "wrong_code": lazy(
        "Deze code klopt niet, of is al gebruikt. Neem de code die de app nu toont, of een van uw herstelcodes."
    ),
    "passkey_fails": lazy("Deze passkey werd niet herkend. Probeer opnieuw, of gebruik een code."),
    "passkey_is_known": lazy("Deze passkey staat al bij een account."),
    "too_many_passkeys": lazy("U hebt al %(most)s passkeys. Verwijder er eerst een."),
    "second_step_is_there": lazy("Er is al een tweede stap. Verwijder ze eerst als u een ander toestel wilt."),
    "second_step_is_required": lazy("Uw rol bij het departement vraagt een tweede stap. Ze kan niet weg."),
    "wrong_password": lazy("Uw huidige wachtwoord klopt niet. Kijk het na."),
    "role_not_grantable": lazy("De rol “%(role)s” kan niet gegeven worden. Kies een rol van het departement."),
    "own_role": lazy("U kunt uw eigen rollen niet geven of beëindigen. Vraag het aan een andere beheerder."),
    "own_account": lazy(
        "U kunt uw eigen account niet in- of uitschakelen. Vraag het aan een andere beheerder."
    ),
    "role_without_region": lazy("Kruis minstens één regio aan, of kies dat de rol in alle regio's geldt."),
    "already_so": lazy("Dat is al zo. Laad de pagina opnieuw."),
    "grant_ends_in_the_past": lazy("De laatste dag van de rol ligt in het verleden. Kies een latere dag."),
}
ENTRIES = {
    "account.enrolled": lazy("Account gemaakt"),
    "account.joined": lazy("Lid geworden van een organisatie"),
    "account.role_granted": lazy("Rol gegeven"),
    "account.role_ended": lazy("Rol beëindigd"),
    "account.left": lazy("Geen lid meer van een organisatie"),
    "account.disabled": lazy("Account uitgeschakeld"),
    "account.enabled": lazy("Account weer ingeschakeld"),
    "account.password_given": lazy("Wachtwoord gegeven, tweede stap gevraagd: %(device)s"),
    "account.second_step_begun": lazy("Tweede stap klaargezet"),
    "account.second_step_added": lazy("Tweede stap toegevoegd"),
    "account.second_step_taken": lazy("Aangemeld met de tweede stap"),
    "account.second_step_failed": lazy("Te vaak een verkeerde code"),
    "account.second_step_removed": lazy("Tweede stap verwijderd"),
    "account.taking_proposed": lazy("Voorgesteld om de verloren tweede stap weg te nemen. %(reason)s"),
    "account.second_step_taken_away": lazy("Verloren tweede stap weggenomen door het departement"),
    "account.passkey_added": lazy("Passkey toegevoegd: %(device)s"),
    "account.passkey_removed": lazy("Passkey verwijderd: %(device)s"),
    "account.passkey_used": lazy("Aangemeld met een passkey"),
    "account.codes_renewed": lazy("Nieuwe herstelcodes gemaakt"),
    "account.recovered": lazy("Aangemeld met een herstelcode"),
    "account.signed_in": lazy("Aangemeld: %(device)s"),
    "account.signed_out": lazy("Afgemeld: %(device)s"),
    "account.signed_out_others": lazy("Op %(count)s andere toestellen afgemeld"),
    "account.proved": lazy("Opnieuw bewezen wie het is"),
    "account.link_asked": lazy("Een link gevraagd per mail"),
    "account.address_asked": lazy("Een ander e-mailadres gevraagd"),
    "account.address_changed": lazy("E-mailadres gewijzigd"),
    "account.password_changed": lazy("Wachtwoord gewijzigd"),
    "account.membership_asked": lazy("Gevraagd om voor een organisatie te handelen: %(organisation)s"),
    "account.membership_withdrawn": lazy(
        "Vraag om voor een organisatie te handelen ingetrokken: %(organisation)s"
    ),
    "account.membership_admitted": lazy("Vraag om voor een organisatie te handelen aanvaard: %(organisation)s"),
    "account.membership_refused": lazy(
        "Vraag om voor een organisatie te handelen geweigerd: %(organisation)s. %(reason)s"
    ),
    "organisation.change_proposed": lazy("Wijziging van de organisatie voorgesteld"),
    "organisation.merged": lazy("Opgegaan in %(into)s. %(reason)s"),
    "organisation.disabled": lazy("Organisatie uitgeschakeld. %(reason)s"),
    "organisation.enabled": lazy("Organisatie weer ingeschakeld. %(reason)s"),
    "account.page_shared": lazy("Pagina gedeeld met de helpdesk: %(path)s"),
    "account.page_opened": lazy("Gedeelde pagina geopend door de helpdesk: %(path)s"),
    "account.page_shared_no_more": lazy("Pagina niet meer gedeeld: %(path)s"),
    "account.shared_page_read": lazy("Gedeelde pagina gelezen door de helpdesk: %(path)s"),
    "identity.met": lazy("Voor het eerst aangemeld bij de overheid"),
    "identity.address_asked": lazy("Een adres opgegeven na een aanmelding bij de overheid"),
    "account.identity_tied": lazy("Aanmelding bij de overheid gekoppeld"),
    "account.identity_untied": lazy("Aanmelding bij de overheid ontkoppeld"),
    "account.came_by_government": lazy("Aangemeld bij de overheid: %(device)s %(organisation)s %(roles)s"),
    "account.came_beside": lazy("Beheerder aangemeld buiten de overheid om: %(device)s"),
    "organisation.invited": lazy("Iemand uitgenodigd: %(email)s"),
    "organisation.invitation_withdrawn": lazy("Uitnodiging ingetrokken: %(email)s"),
    "organisation.manager_made": lazy("Beheerder van de organisatie geworden"),
    "organisation.manager_ended": lazy("Geen beheerder van de organisatie meer"),
    "organisation.registered": lazy("Organisatie geregistreerd"),
}
