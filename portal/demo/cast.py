"""Who plays in the story: invented organisations with numbers of the unassigned range, and what they write.

Every name and number here is invented for the demonstration; none is a person's.
"""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "demo"  # noqa: S105 - the demo's public password


@dataclass(frozen=True)
class Organisation:
    """An invented organisation; `account` is the local part of its address."""

    account: str
    name: str
    serial: int
    kind: str

    @property
    def number(self) -> str:
        """Its enterprise number: the unassigned range 0000.xxx.xxx with right check digits."""
        return f"{self.serial:08d}{97 - self.serial % 97:02d}"

    @property
    def email(self) -> str:
        """Its address."""
        return f"{self.account}@demo.example"


@dataclass(frozen=True)
class Consortium:
    """Three organisations for one region; `strength` is the level its scores lie around."""

    region: str
    welzijn: Organisation
    ggz: Organisation
    vaph: Organisation
    strength: int

    def seats(self) -> dict[str, Organisation]:
        """Who takes which seat; welzijn leads."""
        return {"welzijn": self.welzijn, "ggz": self.ggz, "vaph": self.vaph}


LEAD = Organisation("aanvrager", "OCMW Voorbeeldstad (demo)", 1001, "ocmw")
GGZ = Organisation("partner-ggz", "CGG Voorbeeld (demo)", 2002, "cgg")
VAPH = Organisation("partner-vaph", "vzw Voorbeeldhuis (demo)", 3003, "vaph-voorziening")

_KINDS = (("ocmw", "OCMW"), ("caw", "CAW"), ("dmw", "Dienst maatschappelijk werk"))
_GGZ = (
    ("cgg", "CGG"),
    ("pz", "Psychiatrisch centrum"),
    ("ibw", "Beschut wonen"),
    ("revalidatie", "Revalidatiecentrum"),
)
_PLACES = (
    ("denderregio", "Dendervoorbeeld"),
    ("halle-vilvoorde", "Randvoorbeeld"),
    ("kempen", "Heidevoorbeeld"),
    ("limburg", "Maasvoorbeeld"),
    ("oost-brabant", "Hagevoorbeeld"),
    ("regio-antwerpen", "Scheldevoorbeeld"),
    ("regio-brugge", "Reievoorbeeld"),
    ("regio-gent", "Leievoorbeeld"),
    ("regio-oostende", "Duinvoorbeeld"),
    ("rivierenland", "Netevoorbeeld"),
    ("waasland", "Waasvoorbeeld"),
    ("westhoek", "Ijzervoorbeeld"),
    ("zuid-west-vlaanderen", "Vlasvoorbeeld"),
)


def _consortium(region: str, town: str, index: int, strength: int) -> Consortium:
    welzijn, ggz = _KINDS[index % 3], _GGZ[index % 4]
    serial = 4000 + index * 100
    return Consortium(
        region,
        Organisation(f"welzijn-{index}", f"{welzijn[1]} {town} (demo)", serial + 1, welzijn[0]),
        Organisation(f"ggz-{index}", f"{ggz[1]} {town} (demo)", serial + 2, ggz[0]),
        Organisation(f"vaph-{index}", f"vzw {town} (demo)", serial + 3, "vaph-voorziening"),
        strength,
    )


FIRST_ROUND = [_consortium(region, town, i, 4) for i, (region, town) in enumerate(_PLACES, start=1)]
RIVALS = [
    _consortium("regio-gent", "Artevoorbeeld", 31, 3),
    _consortium("limburg", "Demervoorbeeld", 32, 3),
    _consortium("regio-antwerpen", "Havenvoorbeeld", 33, 2),
]
INADMISSIBLE = _consortium("midwest", "Mandelvoorbeeld", 41, 3)
NEVER_SENT = _consortium("vlaamse-ardennen", "Zwalmvoorbeeld", 42, 3)
MAIN = Consortium("midwest", LEAD, GGZ, VAPH, 4)
SECOND_RIVAL = _consortium("midwest", "Leperkenvoorbeeld", 51, 3)
ALL = [*FIRST_ROUND, *RIVALS, INADMISSIBLE, NEVER_SENT, MAIN, SECOND_RIVAL]

STAFF = {
    "beoordelaar1": "Beoordelaar welzijn",
    "beoordelaar2": "Beoordelaar geestelijke gezondheid",
    "beoordelaar3": "Beoordelaar personen met een handicap",
    "beheerder": "Beheerder mandaten",
    "medeondertekenaar": "Afdelingshoofd",
    "auditor": "Interne audit",
}
ROLES = {
    "beoordelaar1": "reviewer",
    "beoordelaar2": "reviewer",
    "beoordelaar3": "reviewer",
    "beheerder": "administrator",
    "medeondertekenaar": "cosigner",
    "auditor": "auditor",
}

_INBEDDING = (
    "Wij zijn aanwezig in elke eerstelijnszone van de regio, met een vast aanspreekpunt bij de lokale "
    "besturen. "
    "Met de VDAB overleggen we elke maand over nieuwe deelnemers.",
    "De drie partners werken al zeven jaar samen in het netwerk van de regio. Straathoekwerk en huisartsen "
    "verwijzen "
    "rechtstreeks naar ons door, zodat we ook mensen bereiken die nergens bekend zijn.",
    "In vier gemeenten houden we een zitdag in het sociaal huis. Daar komen mensen binnen die de stap naar een "
    "bureau niet zetten.",
)
_DESKUNDIGHEID = (
    "Elke casemanager heeft minstens vijf jaar ervaring. Twee zijn psycholoog, twee maatschappelijk werker, "
    "een is "
    "ergotherapeut met ervaring bij mensen met een verstandelijke beperking.",
    "Het team dekt de vijf soorten belemmeringen: wie medische of psychiatrische kennis mist, werkt samen met "
    "een "
    "collega die ze heeft. Intervisie is er om de twee weken.",
    "De casemanagers volgden de basisopleiding en werken met een vast zorgteam op afroep voor medische vragen.",
)
_HERSTEL = (
    "We beginnen met wat iemand wil en kan. De deelnemer schrijft het plan mee en beslist wie aan tafel zit. "
    "Een ervaringsdeskundige begeleidt de eerste drie gesprekken.",
    "Herstel is het vertrekpunt: kleine stappen, geen uitval bij terugval, en een plan dat de deelnemer zelf "
    "bewaart.",
    "We gebruiken een krachtgerichte vragenlijst bij de start en herhalen die elk kwartaal.",
)
_VERVANGING = (
    "Elke casemanager heeft een vaste vervanger bij een andere partner. Stopt een partner, dan nemen de "
    "andere twee "
    "zijn deelnemers over tot een opvolger is aanvaard.",
    "We houden een reserve van een halve voltijdse kracht vrij en sloten een overeenkomst met een vierde "
    "organisatie "
    "die binnen een maand kan instappen.",
    "Bij uitval herverdelen we binnen de week. Een gedeeld dossier zorgt dat niemand zijn verhaal opnieuw "
    "moet doen.",
)


def answers(one: Consortium) -> dict[str, dict[str, object]]:
    """What a consortium answers, by section and field."""
    seed = one.welzijn.serial // 100
    pick = seed % 3
    return {
        "contact": {
            "contact-functie": "coördinator samenwerkingsverband",
            "contact-mail": f"zorgenwerk-{one.welzijn.account}@demo.example",
            "standplaatsen": 2 + seed % 5,
            "inbedding": _INBEDDING[pick],
        },
        "aanpak": {
            "casemanagers": 4 + seed % 6,
            "trajecten": 60 + 10 * (seed % 9),
            "deskundigheid": _DESKUNDIGHEID[(pick + 1) % 3],
            "herstel": _HERSTEL[(pick + 2) % 3],
            "tandem": ("getekend", "principe", "getekend")[pick],
        },
        "continuiteit": {"vervanging": _VERVANGING[pick], "start": "yes", "akkoord-opdrachten": "yes"},
    }


_WHY = {
    "inbedding": {
        2: "De aanvraag noemt partners, maar toont niet hoe mensen buiten de grote gemeente bereikt worden.",
        3: "Het netwerk is er; de afspraken met de lokale besturen zijn nog algemeen.",
        4: "Zitdagen in vier gemeenten en vaste afspraken met de eerstelijnszones: concreet en haalbaar.",
        5: "Aanwezig in elke eerstelijnszone, met ondertekende afspraken en cijfers over wie bereikt werd.",
    },
    "deskundigheid": {
        2: "Voor medische en psychiatrische belemmeringen is er geen eigen kennis; "
        "de afroep is niet uitgewerkt.",
        3: "De nodige kennis is aanwezig, maar leunt op twee mensen.",
        4: "De vijf soorten belemmeringen zijn gedekt en intervisie is geregeld.",
        5: "Sterk en divers team met aantoonbare ervaring in elk van de vijf domeinen.",
    },
    "herstel": {
        2: "De tekst spreekt van herstel, maar het plan wordt door de begeleider geschreven.",
        3: "De deelnemer beslist mee; hoe terugval opgevangen wordt, blijft vaag.",
        4: "De deelnemer schrijft het plan mee en een ervaringsdeskundige begeleidt de start.",
        5: "Herstel zit in elke stap, met een meting elk kwartaal en een plan dat de deelnemer bewaart.",
    },
    "continuiteit": {
        2: "Wat er gebeurt als een partner stopt, staat er niet in.",
        3: "Vervanging is geregeld voor korte uitval, voor langere tijd nog niet.",
        4: "Vaste vervangers bij een andere partner en een gedeeld dossier.",
        5: "Reserve vrijgehouden en een vierde organisatie die binnen een maand kan instappen.",
    },
}
CRITERIA = tuple(_WHY)


def scores(one_strength: int, serial: int, reviewer: int) -> dict[str, tuple[int | None, str]]:
    """What a reviewer gives: around the strength of the consortium, never twice the same row."""
    given: dict[str, tuple[int | None, str]] = {}
    for index, criterion in enumerate(CRITERIA):
        shift = ((serial // 100 + 2 * index + reviewer) % 3) - 1
        level = min(
            5, max(2, one_strength + (shift if one_strength < 4 or shift < 1 else 1 if index == 1 else 0))
        )
        given[criterion] = (level, _WHY[criterion][level])
    return given
