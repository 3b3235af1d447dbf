"""Words for documents."""

from __future__ import annotations

from portal.documents.models import Inspected, Place
from portal.i18n import lazy
from portal.journal.telling import department, parties

NOT_IN_ZIP = lazy("Deze bestanden zijn niet (meer) te openen. Hun naam en controlegetal staan in de versie:")
INSPECTED = {
    Inspected.RECEIVED: lazy("Wordt nagekeken"),
    Inspected.REFUSED: lazy("Geweigerd"),
    Inspected.READABLE: lazy("Gelezen"),
    Inspected.UNREAD: lazy("Niet automatisch gelezen"),
}
PLACE = {
    Place.ATTACHED: lazy("Toegevoegd"),
    Place.REPLACED: lazy("Vervangen"),
    Place.WITHDRAWN: lazy("Weggenomen"),
    Place.ARCHIVED: lazy("Bewaard"),
}
REFUSALS = {
    "nothing_given_up": lazy("Er is geen bestand meer dat niet nagekeken kon worden."),
    "file_missing": lazy("Kies eerst een bestand."),
    "file_is_too_large": lazy(
        "Dit bestand is te groot. Een bestand mag hoogstens %(limit)s zijn. Maak het kleiner."
    ),
    "file_infected": lazy("In dit bestand zit een virus. Kijk uw computer na en laad een ander bestand op."),
    "file_empty": lazy("Dit bestand is leeg. Kies een ander bestand."),
    "file_not_pdf": lazy("Dit bestand is geen pdf. Bewaar het als pdf en laad het opnieuw op."),
    "file_encrypted": lazy(
        "Deze pdf is beveiligd met een wachtwoord of met beperkingen. Bewaar ze zonder beveiliging en laad ze "
        "opnieuw op."
    ),
    "file_damaged": lazy("Deze pdf is beschadigd: wij kunnen ze niet openen. Bewaar ze opnieuw als pdf."),
    "file_has_too_many_pages": lazy(
        "Deze pdf telt %(pages)s bladzijden. Hoogstens %(limit)s mag. Laat weg wat niet nodig is."
    ),
    "file_is_active": lazy(
        "In deze pdf zit een script of een actie die iets uitvoert: zo’n bestand nemen wij niet aan. Druk ze "
        "af naar een nieuwe pdf (kies “Afdrukken” en dan “Opslaan als pdf”) en laad die op."
    ),
    "file_carries_files": lazy(
        "In deze pdf zitten andere bestanden, of beeld of geluid. Druk ze af naar een nieuwe pdf (kies "
        "“Afdrukken” en dan “Opslaan als pdf”), laad die op, en voeg elk bestand apart toe."
    ),
    "form_says_twice": lazy(
        "“%(field)s” staat twee keer in dit formulier, telkens met iets anders. Pas het formulier aan, of laat "
        "het portaal het maken uit uw antwoorden."
    ),
    "form_says_too_much": lazy(
        "Bij “%(field)s” staat meer dan 20.000 tekens: zoveel lezen wij niet uit een formulier. Maak de tekst "
        "korter, of voeg hem toe als apart document."
    ),
    "file_not_kept": lazy(
        "Wij konden dit bestand nu niet bewaren: dat ligt aan ons. Laad het over enkele minuten opnieuw op."
    ),
    "file_is_too_heavy": lazy(
        "Deze pdf is te zwaar om na te kijken. Druk ze af naar een nieuwe pdf en laad die op."
    ),
}
ATTEMPTS = {
    "document.settle": lazy("Een bestand nakijken"),
}
ENTRIES = {
    "document.given_up": parties(
        lazy("Bestand kon niet nagekeken worden; het departement kijkt dat na: %(document)s")
    ),
    "document.retried": parties(lazy("Bestand wordt opnieuw nagekeken: %(document)s")),
    "document.read": department(lazy("Document gelezen: %(document)s")),
    "document.inspected": parties(lazy("Bestand nagekeken: %(document)s")),
}
