"""Words for applications: statuses, verbs, refusals, tasks and the timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import web
from portal.applications.content import shown
from portal.applications.lifecycle import Status
from portal.definitions import CallType, Field
from portal.i18n import _, lazy, moment, until, words
from portal.journal.queries import Line
from portal.journal.telling import parties
from portal.lifecycle import Refusal, Refused

STATUS = {
    Status.DRAFT: lazy("Concept"),
    Status.SUBMITTED: lazy("Ingediend"),
    Status.ADMISSIBLE: lazy("Ontvankelijk"),
    Status.INADMISSIBLE: lazy("Niet ontvankelijk"),
    Status.APPROVED: lazy("Goedgekeurd"),
    Status.REJECTED: lazy("Niet goedgekeurd"),
    Status.WITHDRAWN: lazy("Ingetrokken"),
}
NOT_SUBMITTED = lazy("Niet ingediend")
CHANGE_NOT_SUBMITTED = lazy("Ingediend, wijziging telt nog niet")
SIGNATURE = {
    "valid": lazy("Getekend"),
    "void": lazy("Opnieuw nodig"),
    "missing": lazy("Nog niet getekend"),
}
SIGNATURE_TAG = {"valid": "ok", "void": "warn", "missing": "todo"}
STATUS_TAG = {
    Status.DRAFT: "todo",
    Status.SUBMITTED: "ok",
    Status.ADMISSIBLE: "ok",
    Status.INADMISSIBLE: "bad",
    Status.APPROVED: "ok",
    Status.REJECTED: "bad",
    Status.WITHDRAWN: "",
}
VERBS = {
    "edit": lazy("Aanvullen"),
    "confirm_seat": lazy("Plaats bevestigen"),
    "sign_off": lazy("Ondertekenen"),
    "ask_to_sign": lazy("Vragen om te ondertekenen"),
    "submit": lazy("Indienen"),
    "withdraw": lazy("Intrekken"),
    "admit": lazy("Ontvankelijk verklaren"),
    "reconsider": lazy("De ontvankelijkheid herzien"),
    "dismiss": lazy("Niet ontvankelijk verklaren"),
    "approve": lazy("Goedkeuren"),
    "reject": lazy("Afkeuren"),
}
REFUSALS = {
    "call_cancelled": lazy("Deze oproep is geannuleerd. U kunt niets meer wijzigen of indienen."),
    "round_not_open": lazy("Deze ronde is nog niet open. Ze gaat open op %(opens_at)s."),
    "round_closed": lazy(
        "Deze ronde is gesloten: indienen kon %(until)s. Uw verzoek kwam aan op %(at)s. "
        "Wij hebben uw poging geregistreerd. Uw concept blijft bewaard."
    ),
    "round_is_over": lazy("Deze ronde is gesloten: indienen kon %(until)s."),
    "region_not_in_round": lazy(
        "Deze ronde staat niet open voor de regio “%(region)s”. Kies een regio die de oproep noemt."
    ),
    "seat_empty": lazy("Er is nog geen %(seat)s. Noem een organisatie voor die plaats."),
    "seat_not_confirmed": lazy("De %(seat)s bevestigde zijn plaats nog niet. Vraag om dat te doen."),
    "seat_cannot_lead": lazy("Kies wat uw organisatie is."),
    "kind_not_allowed": lazy("Die soort organisatie past niet op deze plaats. Kies een soort uit de lijst."),
    "choose_a_kind": lazy("Kies welk soort organisatie dit is."),
    "same_organisation_twice": lazy(
        "Deze organisatie heeft al een plaats: %(other)s. Kies voor elke plaats een andere organisatie."
    ),
    "lead_stays": lazy("De penhouder blijft de organisatie die de aanvraag begon."),
    "lead_only": lazy("Alleen de penhouder kan dit doen. Vraag het aan de penhouder."),
    "not_your_organisation": lazy(
        "U bent geen lid van die organisatie. Kies een organisatie waarvoor u werkt."
    ),
    "not_your_seat": lazy("Deze plaats is niet van uw organisatie."),
    "seat_first": lazy(
        "Bevestig eerst de plaats van uw organisatie. Daarna kunt u bestanden toevoegen of wegnemen."
    ),
    "not_your_section": lazy("Dit deel vult een andere partner in."),
    "section_incomplete": lazy("“%(section)s” is nog niet volledig ingevuld."),
    "document_missing": lazy("Het document “%(document)s” ontbreekt. Maak het of laad het op."),
    "too_many_documents": lazy("Van “%(document)s” mogen er hoogstens %(maximum)s zijn. Verwijder er een."),
    "too_many_versions": lazy(
        "Bij deze aanvraag zijn al %(limit)s bestanden opgeladen, vervangen bestanden meegeteld. Meer kan "
        "niet. "
        "Moet er toch nog een bij? Neem contact op met het departement."
    ),
    "too_many_files": lazy(
        "Een aanvraag kan hoogstens %(limit)s bestanden bevatten. Verwijder eerst een bestand dat niet nodig "
        "is."
    ),
    "form_of_other_call": lazy(
        "“%(name)s” is een formulier van een andere oproep (%(call)s). Gebruik het formulier van deze oproep."
    ),
    "form_of_other_round": lazy(
        "“%(name)s” is een formulier van ronde %(round)s. Gebruik het formulier van deze ronde."
    ),
    "form_of_other_region": lazy(
        "“%(name)s” is een formulier voor de regio %(region)s. Gebruik het formulier van uw regio."
    ),
    "form_differs": lazy(
        "“%(field)s” verschilt: op de pagina staat “%(answered)s”, in het formulier “%(read)s”. "
        "Pas een van de twee aan."
    ),
    "nobody_to_ask": lazy("Alle andere partners hebben al ondertekend. U hoeft niemand te vragen."),
    "invited_too_often": lazy(
        "Naar dit adres, of voor deze aanvraag, gingen vandaag al genoeg uitnodigingen. Kijk het adres na en "
        "probeer het morgen opnieuw."
    ),
    "asked_already": lazy(
        "Wij vroegen dit minder dan een dag geleden al. Bel uw partner, of vraag het morgen opnieuw."
    ),
    "file_was_refused": lazy(
        "Bij het nakijken vonden wij iets in %(name)s. Verwijder dit bestand en laad een ander op."
    ),
    "sign_off_missing": lazy("De %(seat)s heeft nog niet ondertekend."),
    "already_submitted": lazy(
        "Uw organisatie diende voor deze regio al een andere aanvraag in. Trek die eerst in, of werk die bij."
    ),
    "field_required": lazy("Vul “%(label)s” in."),
    "field_not_a_number": lazy("“%(label)s” moet een getal zijn, zonder letters. Bijvoorbeeld 12."),
    "field_not_an_amount": lazy("“%(label)s” moet een bedrag in euro zijn, zoals 1.250 of 1.250,50."),
    "field_not_whole": lazy(
        "“%(label)s” moet een geheel getal zijn, zonder cijfers na een komma of punt. "
        "Een punt staat alleen tussen duizendtallen, zoals in 1.200."
    ),
    "field_point_before_decimals": lazy(
        "Bij “%(label)s” staat een punt waar een komma hoort. Schrijf cijfers na de komma als 12,50, "
        "en duizend als 1.000."
    ),
    "field_too_precise": lazy(
        "“%(label)s” heeft hoogstens twee cijfers na de komma. Bedoelt u duizend? Schrijf dan 1.000."
    ),
    "field_too_long_a_number": lazy("“%(label)s” is een te groot getal. Kijk het na."),
    "field_odd_sign": lazy("In “%(label)s” staat een teken dat wij niet kunnen bewaren. Haal het weg."),
    "field_too_small": lazy("“%(label)s” moet minstens %(minimum)s zijn."),
    "field_too_large": lazy("“%(label)s” mag hoogstens %(maximum)s zijn."),
    "field_not_a_choice": lazy("Kies één antwoord bij “%(label)s”."),
    "field_not_a_date": lazy("“%(label)s” moet een datum zijn, zoals 31/12/2023."),
    "field_not_an_address": lazy("“%(label)s” moet een e-mailadres zijn, zoals info@organisatie.example."),
    "field_too_long": lazy("“%(label)s” is te lang. Gebruik hoogstens %(max_length)s tekens."),
    "field_too_short": lazy("“%(label)s” is te kort. Gebruik minstens %(min_length)s tekens."),
    "nothing_to_fill": lazy("In dit formulier staat niets dat anders is dan op de pagina."),
    "form_moved": lazy(
        "Intussen veranderde er iets op de pagina of aan het formulier. Kijk hieronder na wat er nu verschilt, "
        "en neem het dan over."
    ),
}
ATTEMPTS = {
    "call.start": lazy("Een aanvraag beginnen"),
    "application.name_partner": lazy("Een partner noemen"),
    "application.confirm_seat": lazy("Een plaats bevestigen"),
    "application.copy": lazy("De aanvraag kopiëren"),
    "application.attach": lazy("Een bestand toevoegen"),
    "application.detach": lazy("Een bestand wegnemen"),
    "application.save_section": lazy("Antwoorden wijzigen"),
    "application.take_over": lazy("Antwoorden overnemen uit een formulier"),
    "application.sign_off": lazy("Ondertekenen"),
    "application.ask_to_sign": lazy("Vragen om te ondertekenen"),
    "application.submit": lazy("Indienen"),
    "application.keep_arrival": lazy("Indienen, terwijl de aanmelding geëindigd was"),
    "application.withdraw": lazy("De aanvraag intrekken"),
    "application.settle": lazy("De aanvraag afhandelen"),
}
ENTRIES = {
    "application.started": parties(lazy("Aanvraag begonnen")),
    "application.copied": parties(lazy("Gekopieerd uit %(from)s")),
    "application.partner_named": parties(lazy("Partner genoemd: %(seat)s")),
    "application.seat_confirmed": parties(lazy("Plaats bevestigd: %(seat)s")),
    "application.section_saved": parties(lazy("Antwoorden bewaard: %(section)s")),
    "application.document_attached": parties(lazy("Bestand toegevoegd: %(name)s")),
    "application.document_detached": parties(lazy("Bestand weggenomen: %(name)s")),
    "application.reminded": parties(lazy("Herinnerd aan de sluiting")),
    "application.signing_asked": parties(lazy("Gevraagd om te ondertekenen")),
    "application.signed_off": parties(lazy("Ondertekend: %(seat)s")),
    "application.arrival_kept": parties(
        lazy("Verzoek om in te dienen ontvangen, terwijl de aanmelding geëindigd was")
    ),
    "application.submitted": parties(lazy("Ingediend, versie %(number)s")),
    "application.withdrawn": parties(lazy("Aanvraag ingetrokken")),
    "application.admitted": parties(lazy("Ontvankelijk verklaard")),
    "application.reconsidered": parties(lazy("De ontvankelijkheid wordt herzien")),
    "application.dismissed": parties(lazy("Niet ontvankelijk verklaard")),
    "application.approved": parties(lazy("Goedgekeurd")),
    "application.rejected": parties(lazy("Niet goedgekeurd")),
}


def inside(label: str) -> str:
    """A label as it stands inside a sentence: *de welzijnspartner*, *de GGZ-partner*."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def say(code: str, **facts: Any) -> str:
    """A refusal of this room in the language of the request."""
    return str(REFUSALS[code]) % facts


def sentence(refusal: Refusal, definition: CallType) -> str:
    """A refusal as a sentence, with keys of the definition put into words."""
    return web.sentence(_worded(refusal, definition))


def worded(refused: Refused, definition: CallType) -> Refused:
    """The same refusals with keys of the definition and instants put into words."""
    return Refused(tuple(_worded(r, definition) for r in refused.refusals), refused.evidence)


def _worded(refusal: Refusal, definition: CallType) -> Refusal:
    facts = dict(refusal.facts)
    for key in ("seat", "other"):
        if key in facts:
            seat = next((s for s in definition.seats if s.key == facts[key]), None)
            facts[key] = inside(words(seat.label)) if seat else facts[key] or _("deze plaats")
    if "section" in facts:
        section = definition.section(facts["section"])
        if "field" in facts:
            facts["field"] = words(next(f for f in section.fields if f.key == facts["field"]).label)
        facts["section"] = words(section.label)
    if "document" in facts:
        wanted = definition.document(facts["document"])
        facts["document"] = words(wanted.label) if wanted else facts["document"]
    if "closes_at" in facts:
        facts["until"] = until(datetime.fromisoformat(facts["closes_at"]))
    if "at" in facts:
        facts["at"] = moment(datetime.fromisoformat(facts["at"]), precise=True)
    if "opens_at" in facts:
        facts["opens_at"] = moment(datetime.fromisoformat(facts["opens_at"]))
    return Refusal(refusal.code, facts, refusal.field)


def entry(line: Line, definition: CallType) -> str:
    """One line of the timeline in words, keys of the definition put into words too."""
    facts = dict(_worded(Refusal(line.entry.verb, line.facts), definition).facts)
    if why := facts.get("why"):
        told = [_worded(Refusal(one["code"], one["facts"]), definition) for one in why]
        facts["why"] = [{"code": one.code, "facts": one.facts} for one in told]
    return web.entry_words(Line(line.entry, facts))


def answer(field: Field, value: Any) -> str:
    """An answer as people read it; a dash for none."""
    return shown(field, value) or "–"
