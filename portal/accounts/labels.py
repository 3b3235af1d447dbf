"""Words for accounts."""

from __future__ import annotations

from portal.access import Role
from portal.i18n import lazy
from portal.journal.telling import department

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
REFUSALS = {
    "roles_by_two": lazy(
        "Een rol bij het departement geven twee personen: stel ze voor op de pagina van het account."
    ),
    "address_taken": lazy("Er is al een account met dit e-mailadres."),
    "address_is_yours": lazy("Dit is al uw adres. Vul een ander adres in, of laat het zo."),
    "link_is_spent": lazy(
        "Deze link is al gebruikt of verlopen, of er veranderde intussen iets aan uw account. Vraag een nieuwe."
    ),
    "password_too_short": lazy(
        "Dit wachtwoord is te kort: neem minstens %(least)s tekens. Een zin van een paar woorden is goed en "
        "makkelijk te "
        "onthouden."
    ),
    "password_too_long": lazy("Dit wachtwoord is te lang: neem hoogstens %(most)s tekens."),
    "password_too_easy": lazy(
        "Dit wachtwoord is te makkelijk te raden. Neem een paar woorden die niets met elkaar te maken hebben."
    ),
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
ATTEMPTS = {
    "account.grant": lazy("Een rol geven"),
    "account.propose_grant": lazy("Een rol voorstellen"),
    "account.end_grant": lazy("Een rol beëindigen"),
    "account.disable": lazy("Een account uitschakelen"),
    "account.enable": lazy("Een account inschakelen"),
    "account.change_password": lazy("Een wachtwoord wijzigen"),
    "account.ask_for_address": lazy("Een ander adres vragen"),
    "account.sign_in": lazy("Aanmelden"),
    "account.renew": lazy("Opnieuw bewijzen wie het is"),
    "account.end_sign_in": lazy("Afmelden"),
    "account.end_other_sign_ins": lazy("Op andere toestellen afmelden"),
    "mailed_link.enrol_by_link": lazy("Met een link een account maken"),
    "mailed_link.reset_by_link": lazy("Met een link een wachtwoord kiezen"),
    "mailed_link.change_address_by_link": lazy("Met een link een adres bevestigen"),
}
ENTRIES = {
    "account.enrolled": department(lazy("Account gemaakt")),
    "account.role_proposed": department(lazy("Rol voorgesteld")),
    "account.role_granted": department(lazy("Rol gegeven")),
    "account.role_ended": department(lazy("Rol beëindigd")),
    "account.disabled": department(lazy("Account uitgeschakeld")),
    "account.enabled": department(lazy("Account weer ingeschakeld")),
    "account.password_given": department(lazy("Wachtwoord gegeven, tweede stap gevraagd: %(device)s")),
    "account.signed_in": department(lazy("Aangemeld: %(device)s")),
    "account.signed_out": department(lazy("Afgemeld: %(device)s")),
    "account.signed_out_others": department(lazy("Op %(count)s andere toestellen afgemeld")),
    "account.proved": department(lazy("Opnieuw bewezen wie het is")),
    "account.link_asked": department(lazy("Een link gevraagd per mail")),
    "account.address_asked": department(lazy("Een ander e-mailadres gevraagd")),
    "account.address_changed": department(lazy("E-mailadres gewijzigd")),
    "account.password_changed": department(lazy("Wachtwoord gewijzigd")),
    "account.came_beside": department(lazy("Beheerder aangemeld buiten de overheid om: %(device)s")),
}
