"""Words for the second step."""

from __future__ import annotations

from portal.i18n import lazy
from portal.journal.telling import department

REFUSALS = {
    "no_second_step": lazy("Dit account heeft geen tweede stap."),
    "wrong_code": lazy(
        "Deze code klopt niet, of is al gebruikt. Neem de code die de app nu toont, of een van uw herstelcodes."
    ),
    "passkey_fails": lazy("Deze passkey werd niet herkend. Probeer opnieuw, of gebruik een code."),
    "passkey_is_known": lazy("Deze passkey staat al bij een account."),
    "too_many_passkeys": lazy("U hebt al %(most)s passkeys. Verwijder er eerst een."),
    "second_step_is_there": lazy("Er is al een tweede stap. Verwijder ze eerst als u een ander toestel wilt."),
    "second_step_is_required": lazy("Uw rol bij het departement vraagt een tweede stap. Ze kan niet weg."),
}
ATTEMPTS = {
    "account.begin_authenticator": lazy("Een app voor de tweede stap klaarzetten"),
    "account.confirm_authenticator": lazy("Een app voor de tweede stap toevoegen"),
    "account.renew_codes": lazy("Nieuwe herstelcodes maken"),
    "account.remove_authenticator": lazy("De app voor de tweede stap verwijderen"),
    "account.add_passkey": lazy("Een passkey toevoegen"),
    "account.remove_passkey": lazy("Een passkey verwijderen"),
    "account.take_second_step": lazy("Een verloren tweede stap wegnemen"),
    "account.propose_taking": lazy("Voorstellen om een tweede stap weg te nemen"),
    "account.complete_sign_in": lazy("Aanmelden met de tweede stap"),
    "account.count_try": lazy("Een code geven"),
}
ENTRIES = {
    "account.second_step_begun": department(lazy("Tweede stap klaargezet")),
    "account.second_step_added": department(lazy("Tweede stap toegevoegd")),
    "account.second_step_taken": department(lazy("Aangemeld met de tweede stap")),
    "account.second_step_failed": department(lazy("Te vaak een verkeerde code")),
    "account.second_step_removed": department(lazy("Tweede stap verwijderd")),
    "account.taking_proposed": department(
        lazy("Voorgesteld om de verloren tweede stap weg te nemen. %(reason)s")
    ),
    "account.second_step_taken_away": department(lazy("Verloren tweede stap weggenomen door het departement")),
    "account.passkey_added": department(lazy("Passkey toegevoegd: %(device)s")),
    "account.passkey_removed": department(lazy("Passkey verwijderd: %(device)s")),
    "account.passkey_used": department(lazy("Aangemeld met een passkey")),
    "account.codes_renewed": department(lazy("Nieuwe herstelcodes gemaakt")),
    "account.recovered": department(lazy("Aangemeld met een herstelcode")),
}
