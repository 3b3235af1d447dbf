"""Words for reviews."""

from __future__ import annotations

from portal.i18n import lazy
from portal.journal.telling import department
from portal.reviews.lifecycle import Status

STATUS = {
    Status.ASSIGNED: lazy("Toegewezen"),
    Status.CONFLICT: lazy("Belangenconflict"),
    Status.DRAFT: lazy("Bezig"),
    Status.HANDED_IN: lazy("Afgerond"),
    Status.SET_ASIDE: lazy("Telt niet mee: de beoordelaar heeft een band"),
    Status.TAKEN_BACK: lazy("Teruggenomen"),
}
STATUS_TAG = {
    Status.ASSIGNED: "todo",
    Status.CONFLICT: "bad",
    Status.DRAFT: "warn",
    Status.HANDED_IN: "ok",
    Status.SET_ASIDE: "bad",
    Status.TAKEN_BACK: "",
}
WITHDRAWN = lazy("Aanvraag ingetrokken")
GONE = lazy("Kan niet meer beoordelen: de rol of het account is beëindigd.")
VERBS = {
    "declare_free": lazy("Verklaren dat er geen band is"),
    "declare_tie": lazy("Een band verklaren"),
    "score": lazy("Bewaren"),
    "hand_in": lazy("Afronden"),
    "set_aside": lazy("Terzijde leggen"),
    "take_back": lazy("Terugnemen"),
}
TIES = {
    "werk": lazy("Ik werk er, of werkte er de laatste vijf jaar"),
    "bestuur": lazy("Ik zetel of zetelde in het bestuur"),
    "naaste": lazy("Iemand die mij na staat, werkt of bestuurt er"),
    "anders": lazy("Een andere band waardoor men aan mijn onpartijdigheid kan twijfelen"),
}
REFUSALS = {
    "still_sealed": lazy("Deze regio is nog niet open. Wacht tot de sluiting geregistreerd is."),
    "tied": lazy("U hebt een band met een organisatie in deze regio. Iemand anders moet dit doen."),
    "check_unanswered": lazy("Antwoord ja of nee bij “%(check)s”."),
    "conclusion_missing": lazy("Kies of de aanvraag ontvankelijk is."),
    "finding_without_reason": lazy(
        "Zeg waarom, in minstens %(minimum)s tekens: de aanvrager leest deze reden."
    ),
    "already_found": lazy("Over de ontvankelijkheid van deze aanvraag is al geoordeeld."),
    "not_admissible": lazy("Deze aanvraag is niet ontvankelijk verklaard, of er is al over beslist."),
    "level_unknown": lazy("Dat niveau bestaat niet. Kies een niveau uit de lijst."),
    "criterion_unscored": lazy("Kies een niveau bij “%(criterion)s”."),
    "score_unjustified": lazy("Motiveer “%(criterion)s”: nog minstens %(short)s tekens."),
    "not_a_reviewer_here": lazy("%(email)s is geen beoordelaar voor deze regio. Kies iemand anders."),
    "reviewer_is_tied": lazy("%(email)s heeft een band met een organisatie in deze regio. Kies iemand anders."),
    "not_your_review": lazy("Deze beoordeling is aan iemand anders toegewezen."),
    "tie_without_kind": lazy("Kies welke band het is."),
    "application_withdrawn": lazy(
        "De penhouder trok deze aanvraag in. U hoeft ze niet meer te beoordelen. Wat u schreef, staat "
        "hieronder."
    ),
    "take_back_without_reason": lazy("Zeg waarom u deze toewijzing terugneemt."),
    "tie_known": lazy("Deze band hebt u al verklaard."),
}
ATTEMPTS = {
    "application.find": lazy("De ontvankelijkheid nakijken"),
    "application.assign": lazy("Toewijzen aan beoordelaars"),
    "application.declare_free": lazy("Verklaren geen band te hebben"),
    "application.take_back": lazy("Een toewijzing terugnemen"),
    "application.score": lazy("Een beoordeling bewaren"),
    "application.hand_in": lazy("Een beoordeling afronden"),
    "account.end_tie": lazy("Een band beëindigen"),
}
ENTRIES = {
    "application.finding_made": department(lazy("Ontvankelijkheid nagekeken")),
    "review.assigned": department(lazy("Toegewezen aan beoordelaars")),
    "review.declared_free": department(lazy("Beoordelaar verklaarde geen band te hebben")),
    "review.conflict_declared": department(lazy("Beoordelaar verklaarde een band")),
    "review.set_aside": department(lazy("Beoordeling terzijde gelegd: de beoordelaar verklaarde een band")),
    "review.taken_back": department(lazy("Toewijzing teruggenomen")),
    "tie.declared": department(lazy("Band verklaard")),
    "tie.ended": department(lazy("Band beëindigd")),
    "review.scored": department(lazy("Beoordeling bewaard")),
    "review.handed_in": department(lazy("Beoordeling afgerond")),
    "application.opened": department(lazy("Aanvraag gelezen door het departement")),
}
