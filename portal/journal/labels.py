"""Words for what is owed to people and what became of it."""

from __future__ import annotations

import re

from portal.i18n import _, lazy
from portal.journal.telling import department, parties

LETTERS = {
    "invitation": lazy("Uitnodiging aan een partner"),
    "sign_off_asked": lazy("Vraag om te ondertekenen"),
    "receipt": lazy("Ontvangstbewijs"),
    "file_refused": lazy("Bericht van een geweigerd bestand"),
    "closing_soon": lazy("Herinnering aan de sluiting"),
    "change_not_sent": lazy("Herinnering aan een wijziging die niet ingediend is"),
    "no_longer_partner": lazy("Bericht aan wie geen plaats meer heeft"),
    "arrival_kept": lazy("Bericht dat een verzoek om in te dienen bewaard is"),
    "too_late": lazy("Bericht van een te late poging"),
    "withdrawn": lazy("Bericht van een intrekking"),
    "decision": lazy("Bericht van een beslissing"),
    "decision_to_confirm": lazy("Vraag om een beslissing te bevestigen"),
    "decision_returned": lazy("Bericht van een teruggegeven beslissing"),
    "reopened": lazy("Bericht van een heropening"),
    "account_link": lazy("Link om een account te maken"),
    "account_is_there": lazy("Bericht dat er al een account is"),
    "password_link": lazy("Link voor een nieuw wachtwoord"),
    "no_account": lazy("Bericht dat er geen account is"),
    "password_changed": lazy("Bericht van een nieuw wachtwoord"),
    "membership_asked": lazy("Bericht van een vraag om lid te worden"),
    "membership_decided": lazy("Antwoord op een vraag om lid te worden"),
    "identity_link": lazy("Link om een account te maken na aanmelding bij de overheid"),
    "identity_to_tie": lazy("Uitleg om een aanmelding bij de overheid te koppelen"),
    "identity_tied": lazy("Bericht van een gekoppelde aanmelding bij de overheid"),
    "identity_untied": lazy("Bericht van een ontkoppelde aanmelding bij de overheid"),
    "came_beside": lazy("Bericht van een beheerder die zich buiten de overheid om aanmeldde"),
    "page_opened": lazy("Bericht dat de helpdesk een gedeelde pagina opende"),
    "organisation_merged": lazy("Bericht van samengevoegde organisaties"),
    "organisation_switched": lazy("Bericht van een uitgeschakelde of weer ingeschakelde organisatie"),
    "member_invited": lazy("Uitnodiging om voor een organisatie te handelen"),
    "member_joined": lazy("Bericht van een nieuw lid"),
    "access_changed": lazy("Bericht van gewijzigde toegang"),
    "new_device": lazy("Bericht van een nieuw toestel"),
    "second_step_added": lazy("Bericht van een tweede stap"),
    "second_step_removed": lazy("Bericht dat de tweede stap weg is"),
    "recovery_used": lazy("Bericht van een gebruikte herstelcode"),
    "address_link": lazy("Link om een adres te bevestigen"),
    "address_asked": lazy("Bericht van een gevraagd adres"),
    "address_changed": lazy("Bericht van een nieuw adres"),
    "journal_head": lazy("Stand van het journaal"),
}
REFUSALS = {
    "nothing_to_destroy": lazy(
        "In dit dossier staat niets meer dat vernietigd kan worden. Schrijf het dossier zoals in het "
        "journaal: account/12."
    ),
    "destruction_not_past": lazy("Kies een dag die voorbij is."),
    "letter_not_failed": lazy("Dit bericht wordt al opnieuw verstuurd, of het is intussen bezorgd."),
}
ATTEMPTS = {
    "letter.retry": lazy("Een bericht opnieuw versturen"),
    "proposal.confirm": lazy("Een voorstel bevestigen"),
    "proposal.withdraw": lazy("Een voorstel intrekken"),
}
ENTRIES = {
    "letter.failed": parties(lazy("Een bericht kon niet bezorgd worden")),
    "portal.definitions_loaded": department(lazy("Regio's en soorten oproepen geladen")),
    "portal.destruction_proposed": department(lazy("Vernietiging voorgesteld van wat in %(file)s gezegd is")),
    "portal.payloads_destroyed": department(lazy("Vernietigd wat in %(file)s gezegd is: %(reason)s")),
    "portal.started": department(lazy("%(part)s gestart, versie %(version)s")),
    "portal.head_sent": department(lazy("Stand van het journaal verstuurd naar de auditoren")),
    "proposal.withdrawn": department(lazy("Voorstel ingetrokken")),
    "letter.retried": parties(lazy("Een bericht wordt opnieuw verstuurd")),
}


def why(error: str | None) -> str:
    """Why a mail failed, in words that tell no address."""
    if code := re.match(r"[45]\d\d\b", error or ""):
        return _("De mailserver weigert dit adres (code %(code)s).", code=code[0])
    if error == "this is no mail address":
        return _("Dit is geen mailadres.")
    return _("Er ging iets mis bij ons.")
