"""The tree from a file: academies, Delegations and zones, in whatever order they stand; and ways by road."""

from importing import done, faults_of, start
from sqlalchemy import select

from membership.organisation.model.organisation import Zone
from membership.organisation.model.standing import Standing
from membership.planning.model.dispersion import Distance
from shared.domain.actor import Role
from shared.domain.units import Unit
from shared.events import AcademyRegistered, DelegationRegistered, ZoneRegistered

HEADER = "niveau;code;parent;nom_fr;nom_ar;ouverture;type\n"
COLUMNS = {"level": "niveau", "parent_code": "parent", "name_fr": "nom_fr", "name_ar": "nom_ar"}
COLUMNS |= {"opened_on": "ouverture", "zone_kind": "type"}
COUNTRY = (
    HEADER
    + "zone;z2;Z1;Bassin du barrage;حوض السد;01/09/2020;bassin scolaire\n"
    + "Zone;Z1;01.511;Zone nord;المنطقة الشمالية;01/09/2018;\n"
    + "Délégation;01.511;A1;Tanger;طنجة;;\n"
    + "نيابة;01.573;;M'diq;المضيق;;\n"
    + "AREF;A1;;Tanger-Tétouan;طنجة تطوان;17/06/2015;\n"
)


def handed_in(province, content, **more):
    return start(province, content, kind="units", by=province.ministry, delegation_id=None, mapping=COLUMNS, **more)


def told_of(province, asked):
    found = faults_of(province, asked, by=province.ministry)
    return [(fault["line"], fault["field"], fault["value"], fault["code"].removeprefix("import.")) for fault in found]


def test_the_tree_comes_in_with_parents_further_down_and_a_second_time_nothing_changes(province):
    tried = done(province, handed_in(province, COUNTRY, dry_run="true"), by=province.ministry)
    assert (tried["state"], tried["created"], province.driven.told(ZoneRegistered)) == ("checked", 5, [])
    shown = done(province, handed_in(province, COUNTRY), by=province.ministry)
    assert (shown["state"], shown["created"], shown["first_faults"]) == ("done", 5, [])
    (academy,) = province.driven.told(AcademyRegistered)
    places = {event.code: event.academy_id for event in province.driven.told(DelegationRegistered)}
    assert (places["01.511"], places["01.573"]) == (academy.academy_id, None)
    north, basin = province.driven.told(ZoneRegistered)
    assert (north.code, basin.code, basin.kind) == ("Z1", "Z2", "school_basin")
    assert (basin.parent_id, basin.delegation_id) == (north.zone_id, north.parent_id)
    officer = province.driven.call(Role.ACADEMY_OFFICER, unit_id=academy.academy_id)
    assert officer.get(f"/v1/delegations/{north.delegation_id}/zones/by-code/Z2").json["name_ar"] == "حوض السد"
    with province.driven.sessions.reader() as session:
        stands = {row.code: row.starts_on.isoformat() for row in session.scalars(select(Standing))}
        reach = {row.id: row.parent_id for row in session.scalars(select(Unit))}
    assert (stands["A1"], stands["Z1"], stands["Z2"]) == ("2015-06-17", "2018-09-01", "2020-09-01")
    assert (reach[basin.zone_id], reach[north.delegation_id]) == (north.zone_id, academy.academy_id)

    told = len(province.driven.told())
    again = done(province, handed_in(province, COUNTRY), by=province.ministry)
    assert (again["created"], again["changed"], again["unchanged"], len(province.driven.told())) == (0, 0, 5, told)
    corrected = COUNTRY.replace("Zone nord", "Zone du nord").replace("01.573;;", "01.573;A1;")
    assert done(province, handed_in(province, corrected), by=province.ministry)["changed"] == 2
    assert province.driven.told(DelegationRegistered)[-1].academy_id == academy.academy_id


def test_what_is_wrong_with_a_tree_is_told_by_its_cells(province):
    assert done(province, handed_in(province, COUNTRY), by=province.ministry)["state"] == "done"
    wrong = {
        "zone;Z1;01.573;x;س;;": ("parent", "01.573", "moves_by_operation"),
        "zone;C1;C2;x;س;;": ("parent", "C2", "circle_or_too_deep"),
        "zone;C2;c1;x;س;;": ("parent", "c1", "circle_or_too_deep"),
        "zone;C3;C3;x;س;;": ("parent", "C3", "circle_or_too_deep"),
        "zone;U1;NOWHERE;x;س;;": ("parent", "NOWHERE", "no_parent"),
        "zone;U2;;x;س;;": ("parent", "", "no_parent"),
        "zone;U3;A1;x;س;;": ("parent", "A1", "no_parent"),  # nor below an academy
        "académie;A2;A1;x;س;;": ("parent", "A1", "no_parent"),
        "délégation;D3;01.511;x;س;;": ("parent", "01.511", "no_parent"),
        "school;S1;Z1;x;س;;": ("niveau", "school", "level_elsewhere"),
        "zone;L1;Z1;x;س;01/01/2999;": ("ouverture", "01/01/2999", "opened_later"),
        "zone;un code;Z1;x;س;;": ("code", "un code", "unfit_code"),
        "zone;T1;Z1;x;س;;": ("code", "T1", "row_twice"),
        "zone;t1;Z1;x;س;;": ("code", "t1", "row_twice"),
        "zone;U4;U1;x;س;;": None,  # below one of which its own row tells what is wrong
        "zone;U5;S1;x;س;;": None,
        "délégation;AMB;A1;x;س;;": None,
        "zone;AMB;Z1;x;س;;": None,
        "zone;U6;AMB;x;س;;": ("parent", "AMB", "parent_ambiguous"),
    }
    chain = [f"zone;K{number};{f'K{number - 1}' if number else '01.511'};x;س;;" for number in range(9)]
    asked = handed_in(province, HEADER + "\n".join([*wrong, *chain]) + "\n")
    before = len(province.driven.told())
    assert done(province, asked, by=province.ministry)["state"] == "refused"
    deep = [
        (len(wrong) + 9, "parent", "K6", "circle_or_too_deep"),
        (len(wrong) + 10, "parent", "K7", "circle_or_too_deep"),
    ]
    told = [(line, *fault) for line, fault in enumerate(wrong.values(), 2) if fault]
    assert sorted(told_of(province, asked)) == sorted([*told, *deep])
    assert len(province.driven.told()) == before


def test_a_delegation_lists_its_own_zones_only(province):
    assert done(province, handed_in(province, COUNTRY), by=province.ministry)["state"] == "done"
    own = "level,code,parent_code,name_fr,name_ar\nzone,H1,,Centre,الوسط\nzone,H2,h1,Est,الشرق\n"
    assert start(province, own, kind="units", by=province.outsiders[0]).status_code == 404
    assert start(province, own, kind="units", delegation_id=None).status_code == 404  # the country's is the Ministry's
    assert done(province, start(province, own, kind="units"))["created"] == 2
    with province.driven.sessions.reader() as session:
        zones = {zone.code: zone for zone in session.scalars(select(Zone))}
    assert (zones["H1"].delegation_id, zones["H2"].around_id) == (province.delegation_id, zones["H1"].id)
    foreign = (
        "level,code,parent_code,name_fr,name_ar\nzone,Z1,,x,y\nzone,H3,Z1,x,y\nacademy,A9,,x,y\nzone,H4,01.511,x,y\n"
    )
    asked = start(province, foreign, kind="units")
    assert done(province, asked)["state"] == "refused"
    assert [fault[1:] for fault in told_of(province, asked)] == [
        ("code", "Z1", "of_elsewhere"),
        ("parent_code", "Z1", "no_parent"),
        ("level", "academy", "only_zones_here"),
        ("parent_code", "01.511", "no_parent"),
    ]


def test_ways_by_road_come_from_a_file_and_its_faults_are_told(province):
    schools = "code,cycle,name_fr,name_ar\nB1,primary,A,أ\nB2,primary,B,ب\n"
    assert province.send("schools", schools).status_code == 200
    ways = "de;vers;km;min\nb1;B2;12,5;\nB2;B1;;30\n15395h;B1;3;\n"
    named = {"from_code": "de", "to_code": "vers", "minutes": "min"}

    def sent(content):
        asked = start(province, content, kind="distances", mapping=named)
        return asked, done(province, asked)

    assert sent(ways)[1]["created"] == 3
    counts = [
        [shown[name] for name in ("created", "changed", "unchanged")]
        for _, shown in (sent(ways), sent(ways.replace("12,5", "13")))
    ]
    assert counts == [[0, 0, 3], [0, 1, 2]]
    with province.driven.sessions.reader() as session:
        kept = {(way.from_code, way.to_code): way.km for way in session.scalars(select(Distance))}
    assert kept == {("B1", "B2"): 13, ("B2", "B1"): 20, ("15395H", "B1"): 3}
    asked, refused = sent("de;vers;km;min\nB1;X9;5;\nB1;B2;5;5\nB2;B1;;\nB1;15395H;-1;\nB1;15395H;1;\nB1;15395H;2;\n")
    assert refused["state"] == "refused"
    assert told_of(province, asked) == [
        (2, "vers", "X9", "plan.unknown_school"),
        (3, "km", "5", "plan.one_measure"),
        (4, "km", "", "plan.one_measure"),
        (5, "km", "-1", "field.outside"),
        (6, "vers", "15395H", "row_twice"),
        (7, "vers", "15395H", "row_twice"),
    ]
