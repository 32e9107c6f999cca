"""One broken place for every rule: the file, the line and the words of what is wrong are given."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.directory.checks import checked
from ivr.directory.problems import ConfigurationError, Problem
from ivr.ops.protocol_command import protocol
from tests.directory.conftest import AT, Folder

OPERATOR, MAPLE, ONCALL = "operator.yaml", "practices/maple.yaml", "oncall.yaml"
RIVERSIDE, PROTOCOL = "practices/riverside.yaml", "protocols/adult-red-flags.yaml"

HOURS = '{mon-fri: ["08:00-12:00", "13:00-17:00"], sat: ["09:00-12:00"]}'
LAST_911 = "emergent\n    says_911: false\n  - key: belly"
SCREENS = ("adult-red-flags.yaml", "child-red-flags.yaml", "pregnancy-red-flags.yaml")
QUIET_END = "raises_to: emergent\n    says_911: false\n\nred_flags"
PROTOCOLS = "protocols: {adult: adult-red-flags, child: child-red-flags, pregnancy: pregnancy-red-flags}"
NURSE = f"after_hours: [nurse_pool, on_call], {PROTOCOLS}}}"

PEOPLE = "people: [dr-lee, dr-okafor]"
OKAFOR_COVERS = "2026-11-09 08:00, person: dr-okafor"
MONDAY = "    hand_over: mon 08:00\n    from: 2026-10-05\n    p"
REST = "from: 2026-10-05, people: dr-lee"
NIGHTS = f"rotation: daily, {REST}"
OUTSIDE = (
    "{from: 2026-12-01 08:00, until: 2026-12-02 08:00, shifts: [{from: 2026-12-01 08:00, until: 2026-12-02 08:00, "
    "person: dr-lee}, {from: 2026-12-03 08:00, until: 2026-12-04 08:00, person: dr-lee}]}"
)
TWICE = "{after: 20s, give: level}, {after: 30s, give: level}"
LINGUA = '{id: lingua, name: Another, number: "+13125550193", languages: [es-US]}'
TWIN = '{id: twin, name: Twin, number: "+13125550192", languages: [es-US], keys: "ww501234#ww1"}'

HERE = "    state: IL\n    on_call: "
OWN_KINDS = "\nlicence_kinds: {{{}}}\npolicy:\n"
LINGUA_AS_WRITTEN = """interpreters:
  - {id: lingua, name: Lingua Bridge, number: "+13125550192", languages: [es-US], keys: "ww501234#ww1"}
"""
HELP_LINES = "\nhelp_lines: {"
SERVICE = "VA0123456789abcdef0123456789abcdef"

SUMMARY = "\nmorning_summary: {{{}}}\nrecording:"
TWO_OF_ONE = '"+13125550102", "+13125550102"'
LEE = "{name: Dr Lee, "
NIGHT_PHONE = 'voice: "+13125550381"'
EVENINGS = f'{{from: "20:00", to: "08:00", days: sun, {NIGHT_PHONE}}}'
MORNINGS = '{from: "07:59", to: "12:00", days: mon-fri, text: no}'


def ruled(rules: str) -> str:
    """Dr Lee with contact rules, by known clocks."""
    return f"{LEE}timezone: America/Chicago, contact: [{rules}], "


RULES = [
    # what is written, by itself
    (MAPLE, "name: Maple Family Medicine", "nmae: Maple", 0, "unknown key 'nmae'", "did you mean 'name'?"),
    (MAPLE, "    opening_hours: {mon", "    opning_hours: {mon", 0, "unknown key 'opning_hours'", "opening_hours"),
    (MAPLE, "name: Maple Family Medicine\n", "", None, "name is missing", "add name:"),
    (MAPLE, "    state: IL\n", "", -2, "locations.loop.state is missing", "add state:"),
    (MAPLE, "America/Chicago", "Chicago", 0, "'Chicago' is not a time zone", "America/Chicago"),
    (MAPLE, "state: IL", "state: Illinois", 0, "'Illinois' is not a state", "two letters"),
    (MAPLE, '"+13125550100"', '"3125550100"', 0, "not a phone number", "+13125550100"),
    (MAPLE, '"+13125550100"', '"+1 312 555 0100"', 0, "not in E.164", '"+13125550100"'),
    (MAPLE, '"+13125550100"', '"+131255501"', 0, "not a number that can exist", "digits"),
    (OPERATOR, "\nsites:", "\nuntil_contact: {ladder_again: [30s]}\nsites:", 1, "climbed again too soon", "5m"),
    (OPERATOR, "\nsites:", f'{HELP_LINES}crisis: "988"}}\nsites:', 1, "'988' is a short number", "+18002738255"),
    (OPERATOR, "\nsites:", f'{HELP_LINES}crisis: "+1988"}}\nsites:', 1, "is a short number", "confirm who answers"),
    (OPERATOR, "\nsites:", f"{HELP_LINES}poison: 1-800-222-1222}}\nsites:", 1, "phone number", '"+18002221222"'),
    (OPERATOR, '"+13125550190"', '"911"', 0, "'911' is a short number", "the number of a person"),
    (ONCALL, 'voice: "+13125550181"', 'voice: "4711"', 0, "is a short number", "the long number"),
    (MAPLE, "\nrecording:", "\nwaiting: {call_back_countries: [Mexico]}\nrecording:", 1, "not a country", "PH"),
    (MAPLE, "\nrecording:", "\nwaiting: {call_back_countries: [CA]}\nrecording:", 1, "in CA anyway", "leave it out"),
    (MAPLE, "\nrecording:", "\nwaiting: {call_back_countries: [ZZ]}\nrecording:", 1, "no telephones", "such as MX"),
    (MAPLE, "[en-US, es-US]", "[english]", 0, "'english' is not a language", "en-US"),
    (MAPLE, 'sat: ["09:00-12:00"]', 'sat: ["9-12"]', 0, "'9-12'", "08:00-12:00"),
    (MAPLE, 'sat: ["09:00-12:00"]', 'fri: ["18:00-19:00"]', 0, "fri is given twice", "once"),
    (MAPLE, "Labor Day", "Labour Day", 0, "US has no holiday 'Labour Day'", "did you mean Labor Day"),
    (MAPLE, "closed: [2026-11-27]", "closed: [2026-11-31]", 0, "not a day of the calendar", "2026-11-27"),
    (MAPLE, "closed: [2026-11-27]", "closed: [12-25]", 0, "'12-25' has no year", "one for observe"),
    (MAPLE, "{2026-12-24: [", "{24 Dec: [", 0, "'24 Dec' has no year", "such as 2026-11-27"),
    (MAPLE, "closed: [2026-11-27]", "closed: [2026-12-24]", -3, "both closed and open", "keep one"),
    (MAPLE, "overflow_after: 40s", "overflow_after: 40", 0, "'40' is not a length of time", "40s"),
    (MAPLE, "{key: 4, service: billing}", "{key: 0, service: billing}", 0, "'0' is not a menu key", "0 is always"),
    (MAPLE, "  - {key: 4,", "  - {key: 5, service: nurse}\n  - {key: 4,", -4, "the menu has 5 entries", "four"),
    (MAPLE, "next_open + 2h", "soon", 0, "'soon' is not a due rule", "next_open + 2h"),
    (MAPLE, "L3: {}", "L3: {checklist: {}}", 0, "nothing is listed here", "list at least one, or remove the key"),
    (MAPLE, "L3: {}", "L3: {checklist: {Own wish: It is so.}}", 0, "'Own wish' is not a name", "small letters"),
    (MAPLE, "L3: {}", "L3: {checklist: {own-wish: }}", 0, "a text is missing here", "after the colon"),
    (MAPLE, "L3: {}", f"L3: {{checklist: {{own-wish: {'so ' * 99}}}}}", 0, "296 letters", "write at most 240"),
    (
        MAPLE,
        "L3: {}",
        f"L3: {{checklist: {{a{'b' * 39}: It is so., c{'d' * 39}: It is so., e{'f' * 39}: It is so.}}}}",
        0,
        "the names of the items are longer than 90 letters together",
        "shorten the names, or leave items out",
    ),
    (MAPLE, "L3: {}", "L3: {need: 2}", 0, "need", "checklist"),
    (MAPLE, "billing, level: L2", "billing, level: L4", 0, "'L4' is not known here", "L0, L1, L2, L3"),
    (MAPLE, "new_patients: agent", "new_patients: robot", 0, "'robot' is not known", "agent, callback, message"),
    (MAPLE, "keep: 7y", "keep: 7 years", 0, "'7 years' is not a period", "7y"),
    (MAPLE, "opt_out: true", "opt_out: yes", 0, "'yes' is neither true nor false", "true or false"),
    (MAPLE, "sms_code", "sms_code, through: verify", 0, "through a service, and none is named", "write service: VA"),
    (MAPLE, "sms_code", f"sms_code, service: {SERVICE}", 0, "never asks the Verify service", "write through: verify"),
    (MAPLE, "sms_code", "sms_code, through: verify, service: VA1", 0, "'VA1' is not a Verify service", "32 of 0-9"),
    (MAPLE, "sms_code", f"sms_code, through: verify, service: {SERVICE.upper()}", 0, "not a Verify service", "a-f"),
    (MAPLE, "sms_code", "voice_code", 0, "no call reads a code out", "add: sms_code"),
    (MAPLE, "tries: 3", "tries: three", 0, "'three' is not a whole number", "digits"),
    (MAPLE, "staff: {pool: maple-front-desk, overflow_after: 40s}", "staff: maple", 0, "not a mapping", "key: value"),
    (MAPLE, "items: [date_of_birth, zip, name, mrn, phone_on_file]", "items: {name: zip}", 0, "not a list", "brackets"),
    (RIVERSIDE, "most: 2", "most: 0", 0, "nobody may wait in this line", "at least one"),
    (RIVERSIDE, 'mon-sun: ["08:00-20:00"]', 'mon-sun: ["8-20"]', 0, "'8-20'", "08:00-12:00"),
    (OPERATOR, "{triage_rn: 3}", "{triage_rn: 6}", 0, "6 is not a skill level", "5 (expert)"),
    (OPERATOR, "{triage_rn: 3}", "{}", 0, "nothing is listed", "at least one"),
    (OPERATOR, '"client:ana"', '"client:Ana Reyes"', 0, "'Ana Reyes' is not a name", "small letters"),
    (OPERATOR, "country: PH", "country: Philippines", 0, "is not a country", "PH"),
    (OPERATOR, "id: ana", "id: Ana", 0, "'Ana' is not a name", "small letters"),
    (OPERATOR, "kind: RN, state: AZ", "kind: Nurse, state: AZ", 0, "'Nurse' is not known here", "RN"),
    (OPERATOR, "languages: [en-US, es-US]\n\nsites", "timezone: Denver\n\nsites", 0, "'Denver' is not", "IANA"),
    (ONCALL, "{name: Dr Lee,", "{timezone: Denver, name: Dr Lee,", 0, "'Denver' is not a time zone", "America/Denver"),
    (ONCALL, "director, by: [voice], for: 5m", "director, by: [sms], for: 5m", 0, "does not ring", "voice"),
    (ONCALL, "for: 5m, times: 2", "times: 2", 0, "how long it waits", "for: 5m"),
    (ONCALL, "times: 2", "times: 9", 0, "9 times is out of bounds", "1 to 5"),
    (ONCALL, "hand_over: mon 08:00\n", "hand_over: monday\n", 0, "'monday' is not a hand-over", "mon 08:00"),
    (ONCALL, "until: 2026-11-02 08:00", "until: 2026-10-02 08:00", 0, "ends before it begins", "swap"),
    (OPERATOR, 'contact: "client:ana", ', "", 0, "agents.0.contact is missing", "add contact:"),
    (ONCALL, 'Dr Lee, voice: "+13125550181",', "Dr Lee,", 0, "people.dr-lee.voice is missing", "add voice:"),
    (OPERATOR, '"13:00-17:00"]', '"11:00-17:00"]', 0, "starting 08:00 and 11:00 overlap", "join them"),
    (OPERATOR, '["06:00-18:00"]', '["22:00-07:00", "06:00-18:00"]', 0, "overlap past midnight", "the first sooner"),
    (OPERATOR, "calendar: CO,", "calendar: CO, state: XX,", 0, "CO has no part XX", "leave state out"),
    (PROTOCOL, "review_by: 2027-09-14", "review_by: 2026-09-01", 0, "due before the sign-off", "review_by"),
    (PROTOCOL, "{emergent: 5m, urgent: 15m", "{emergent: 20m, urgent: 15m", 0, "waits longer", "order them"),
    (PROTOCOL, LAST_911, "routine\n  - key: belly", None, "a less urgent one", "order"),
    # interpreters
    (OPERATOR, '"ww501234#ww1"', '"501 234"', 0, "'501 234' are not keys of a telephone", "w to wait half a second"),
    (OPERATOR, '"ww501234#ww1"', f'"{"1" * 33}"', 0, "are not keys of a telephone", "up to 32"),
    (OPERATOR, "name: Lingua Bridge, ", "", 0, "interpreters.0.name is missing", "add name:"),
    (OPERATOR, "languages: [es-US], keys", "languages: [], keys", 0, "nothing is listed", "at least one"),
    (OPERATOR, "languages: [es-US], keys", "tongues: [es-US], keys", 0, "unknown key 'tongues'", "languages"),
    (OPERATOR, '"+13125550192"', '"+13125550100"', 0, "is one that patients dial", "is reached"),
    (OPERATOR, "interpreters:\n", f"interpreters:\n  - {LINGUA}\n", 2, "two interpreters have the id 'lingua'", "own"),
    (OPERATOR, "interpreters:\n", f"interpreters:\n  - {TWIN}\n", 2, "the number and the keys of another", "first"),
    # who may answer whom, and what is given up while callers wait
    (MAPLE, "baa: BAA-2026-014}", "baa: B-1, sites: [{never: [manlia]}]}", 0, "no site 'manlia'", "'manila'"),
    (MAPLE, "baa: BAA-2026-014}", "baa: B-1, sites: [{payers: [me], never: [manila]}]}", 0, "no payer 'me'", "add it"),
    (MAPLE, "baa: BAA-2026-014}", "baa: B-1, sites: [{states: [IL]}]}", 0, "names no sites", "either only or never"),
    (MAPLE, "baa: BAA-2026-014}", "baa: B-1, payers: [acme, acme]}", 0, "acme is listed twice", "keep one"),
    (
        MAPLE,
        "baa: BAA-2026-014}",
        "baa: B-1, sites: [{only: [manila]}, {never: [manila]}]}",
        0,
        "no site may answer a patient whose payer is not known in IL",
        "leave at least one",
    ),
    (MAPLE, "new_patients: agent, ", "relax: [{after: 9s, give: licence}], ", 0, "'licence' is not known", "level"),
    (
        MAPLE,
        "new_patients: agent, ",
        "relax: [{after: 9s, give: level}, {after: 5s, give: edges}], ",
        0,
        "comes before the one above it",
        "sort them",
    ),
    (MAPLE, "new_patients: agent, ", "credit: 2d, ", 0, "over a day", "minutes or hours"),
    (MAPLE, "new_patients: agent, ", "edge_margin: 90s, ", 0, "'90s' is not the end of a shift", "whole minutes"),
    (OPERATOR, "edge_margin: 5m", "edge_margin: 121m", 0, "'121m' is not the end of a shift", "0m for none"),
    (MAPLE, "new_patients: agent, ", "wrap_up: 30, ", 0, "'30' is not a length of time", "40s"),
    (
        RIVERSIDE,
        'opening_hours: {mon-fri: ["09:00-17:00"]}',
        'staff: {pool: maple-front-desk, overflow_after: 40s}\n    opening_hours: {mon-fri: ["09:00-17:00"]}',
        0,
        "already the front desk of another practice",
        "a pool of its own",
    ),
    # kinds of licence
    (OPERATOR, "\npolicy:\n", OWN_KINDS.format("RN: {met_by: [LPN]}"), 1, "LPN does not usually do", "of your own"),
    (OPERATOR, "\npolicy:\n", OWN_KINDS.format("PA: {compact: true}"), 1, "not in the Nurse Lic", "remove"),
    (OPERATOR, "\npolicy:\n", OWN_KINDS.format("LPC: {met_by: [LPX]}"), 1, "'LPX' is not known", "'LPN'"),
    (OPERATOR, "\npolicy:\n", OWN_KINDS.format("L P: {}"), 1, "'L P' is not a kind of licence", "letters"),
    (ONCALL, "MD, state: TX, expires: 2028-02", "MDD, state: TX, expires: 2028-02", 0, "'MDD' is not", "licence_kinds"),
    (MAPLE, "level: L0, licensed: true", "level: L0, licensed: true, licence: DSD", 0, "'DSD' is not known", "'DMD'"),
    # what the line could not keep to
    (MAPLE, "\nlanguages: [en-US, es-US]", "\nlanguages: [en-US, vi-VN]", 1, "be said in vi-VN", "remove it"),
    (OPERATOR, "\nlanguages: [en-US, es-US]", "\nlanguages: [fr-FR]", 1, "nothing can be said in fr-FR", "remove it"),
    (MAPLE, "zip, name, mrn, phone", "zip, zip, mrn, phone", 0, "zip is listed twice", "list it once"),
    (MAPLE, "zip, name, mrn, phone_on_file], require", "], require", 0, "L1 needs 2 of 1 item", "2 to the number"),
    (MAPLE, "need: 2", "need: 5", 0, "L1 needs 5 of 5 items", "at most 4"),
    (MAPLE, "download: never", "download: compliance", 0, "cannot be downloaded", "write never"),
    (MAPLE, "[hospital, laboratory, pharmacy]", "[hospital, practice]", 0, "and nothing else", "callers: [hospital"),
    (MAPLE, "after_hours: message", "after_hours: [message, agents]", 0, "by message, agents in turn", "one of"),
    (MAPLE, "after_hours: callback", "after_hours: [agents, message]", 0, "by agents, message in turn", "one of"),
    (MAPLE, "after_hours: [nurse_pool, on_call]", "after_hours: on_call", 0, "nurses first at any hour", "the same"),
    (MAPLE, "open: [nurse_pool, on_call]", "open: [agents, on_call]", 0, "by agents, on_call in turn", "or on_call"),
    (MAPLE, "skill: billing, level: L2", "skill: billing, level: L2, protocol: other", 0, "here by adult-red", "join"),
    (PROTOCOL, "otherwise: urgent", "otherwise: routine", 0, "never routine", "otherwise: urgent"),
    (PROTOCOL, "otherwise: urgent", "otherwise: emergent", 0, "never emergent", "otherwise: urgent"),
    (PROTOCOL, QUIET_END, "raises_to: routine\n\nred_flags", 0, "belly raises nothing", "urgent or emergent"),
    # who is on call for a service and a location
    (MAPLE, "nurse:         {", "nurse: {on_call: {rota: maple-nurses}, ", 0, "no rota 'maple-nurses'", "one of"),
    (MAPLE, "nurse:         {", "nurse: {on_call: {medical_director: dr-lea}, ", 0, "no person 'dr-lea'", "'dr-lee'"),
    (MAPLE, "nurse:         {", "nurse: {on_call: {escalation: {urgent: fats}}, ", 0, "escalation 'fats'", "'fast'"),
    (MAPLE, "nurse:         {", "nurse: {on_call: {licences: [DDD]}, ", 0, "'DDD' is not known", "'DMD'"),
    (MAPLE, "    state: IL\n", HERE + "{rota: mpl}\n", 1, "there is no rota 'mpl'", "one of"),
    (MAPLE, "    state: IL\n", HERE + "{services: {dental: {}}}\n", 1, "there is no service 'dental'", "one of"),
    (MAPLE, "    state: IL\n", HERE + "{services: {nurse: {rota: mpl}}}\n", 1, "there is no rota 'mpl'", "one of"),
    # days of a month
    (MAPLE, 'sat: ["09:00-12:00"]', '2nd sat: ["9-12"]', 0, "'9-12'", "08:00-12:00"),
    (MAPLE, 'sat: ["09:00-12:00"]', '2nd saturn: ["09:00-12:00"]', 0, "'2nd saturn' is not a day", "2nd sat"),
    (MAPLE, 'sat: ["09:00-12:00"]', "last fri: [], 4th fri: []", 0, "last fri and 4th fri can be the same", "keep one"),
    # what locations share
    (MAPLE, "\nlocations:\n", "\nlocation_defaults: {zone: UTC}\nlocations:\n", 1, "unknown key 'zone'", "timezone"),
    (MAPLE, "\nlocations:\n", "\nlocation_defaults: {timezone: X}\nlocations:\n", 1, "'X' is not a time zone", "IANA"),
    # what nobody could hear
    (MAPLE, "name: Maple Family Medicine", 'name: "Maple\\aFamily"', 0, "no writing (U+0007)", "anew"),
    (MAPLE, "name: Maple Family Medicine", 'name: "Maple\\u202eFamily"', 0, "no writing (U+202E)", "anew"),
    # what is never over
    (MAPLE, "overflow_after: 40s", "overflow_after: 100000h", 0, "overflow_after: nobody waits for over 1d", "40s"),
    (MAPLE, "new_patients: agent, ", "patience: 25h, ", 0, "patience: nobody waits for over 1d", "10m"),
    (MAPLE, "new_patients: agent, ", "wrap_up: 2d, ", 0, "wrap_up: nobody waits for over 1d", "40s"),
    (MAPLE, "new_patients: agent, ", "relax: [{after: 30h, give: level}], ", 0, "after: nobody waits for", "40s"),
    (MAPLE, "new_patients: agent, ", "promise: now + 9000h, ", 0, "promise: nobody waits for over 31d", "4h"),
    (MAPLE, "new_patients: agent, ", "promise: now + 99999999h, ", 0, "over a hundred years", "24h"),
    (MAPLE, "\nlocations:\n", "\nknown_agent: {reserved: 2d}\nlocations:\n", 1, "reserved: nobody waits", "40s"),
    (MAPLE, "\nlocations:\n", "\nwaiting: {call_backs: {mon: []}}\nlocations:\n", 1, "ever be rung", "hours"),
    # summaries of the night that would never be made, or that nobody could be told of
    (MAPLE, "\nrecording:", SUMMARY.format("after_closed: 10m"), 1, "after less than 30m closed", "30m to 24h"),
    (MAPLE, "\nrecording:", SUMMARY.format("after_closed: 25h"), 1, "or more than 24h", "30m to 24h"),
    (MAPLE, "\nrecording:", SUMMARY.format("made: false, each: location"), 1, "no summary for which", "write true"),
    (MAPLE, "\nrecording:", SUMMARY.format("each: site"), 1, "'site' is not known", "write one of"),
    (MAPLE, "\nrecording:", SUMMARY.format('text: ["+13125550100"]'), 1, "is one that patients dial", "own phone"),
    (MAPLE, "\nrecording:", SUMMARY.format('text: ["+19005550190"]'), 1, "is never rung", "own phone"),
    (MAPLE, "\nrecording:", SUMMARY.format(f"text: [{TWO_OF_ONE}]"), 1, "is listed twice", "keep one"),
    # what is no value at all
    (MAPLE, "    state: IL\n", "    state: [IL]\n", 0, "is not a state", "as IL"),
    (ONCALL, "MD, state: TX, expires: 2028-02", "MD, state: {TX: yes}, expires: 2028-02", 0, "is not a state", "as IL"),
    (OPERATOR, "country: ZA, ", "country: UK, ", 0, "UK is no country", "ISO 3166-1"),
    # names that lead nowhere, and what contradicts itself
    (OPERATOR, "{pool: cape-town, number", "{pool: cape-twon, number", 0, "no pool 'cape-twon'", "'cape-town'"),
    (OPERATOR, "{site: bogota, shift", "{site: bogata, shift", 0, "no site 'bogata'", "'bogota'"),
    (OPERATOR, "name: Ana Reyes, pool: manila", "name: Ana Reyes, pool: manilla", 0, "no pool 'manilla'", "'manila'"),
    (OPERATOR, "id: benjie", "id: ana", 0, "two agents have the id 'ana'", "an id of their own"),
    (OPERATOR, '"client:benjie"', '"client:ana"', 0, "two agents have this contact", "their own"),
    (OPERATOR, '"+13125550171"', '"+13125550100"', 0, "is one that patients dial", "own phone"),
    (OPERATOR, 'number: "+13125550190"', 'number: "+13125550100"', 0, "is one that patients dial", "lead back"),
    (ONCALL, 'voice: "+13125550181"', 'voice: "+13125550100"', 0, "is one that patients dial", "own phone"),
    (ONCALL, 'sms: "+13125550181"', 'sms: "+13125550101"', 0, "is one that patients dial", "own phone"),
    (OPERATOR, 'number: "+13125550190"', 'number: "+19005550190"', 0, "is never rung", "lead back"),
    (OPERATOR, '"+13125550171"', '"+881621234567"', 0, "is never rung", "own phone"),
    (OPERATOR, '"+13125550192"', '"+13129765550"', 0, "is never rung", "is reached"),
    (ONCALL, 'voice: "+13125550181"', 'voice: "+449098790000"', 0, "is never rung", "own phone"),
    (ONCALL, 'sms: "+13125550181"', 'sms: "+80012345678"', 0, "is never rung", "own phone"),
    (ONCALL, LEE, ruled('{second: "+13125550100"}'), 0, "+13125550100 is one that patients dial", "own phone"),
    (ONCALL, LEE, ruled('{voice: "+13129765550"}'), 0, "+13129765550 is never rung", "own phone"),
    (ONCALL, LEE, ruled('{text: "+13125550101"}'), 0, "+13125550101 is one that patients dial", "own phone"),
    (ONCALL, "\nrotas:", "\nold_numbers_for: 59m\nrotas:", 1, "an hour at least", "write 1h to 30d"),
    (ONCALL, "\nrotas:", "\nold_numbers_for: 31d\nrotas:", 1, "30 days at most", "write 1h to 30d"),
    (ONCALL, LEE, ruled("{voice: no}"), 0, "nothing would be rung", "a text alone wakes no one"),
    (ONCALL, LEE, ruled("{text: maybe}"), 0, "'maybe' is not a phone number", "+13125550100"),
    (ONCALL, LEE, ruled("{days: mon-fri}"), 0, "the rule changes nothing", "add voice, text or second"),
    (ONCALL, LEE, ruled(f'{{from: "22:00", {NIGHT_PHONE}}}'), 0, "has one end only", "from and to, or neither"),
    (ONCALL, LEE, ruled(f'{{from: "7:00", to: "07:00", {NIGHT_PHONE}}}'), 0, "the rule never holds", "that differ"),
    (ONCALL, LEE, ruled(f'{{from: "24:00", to: "07:00", {NIGHT_PHONE}}}'), 0, "the rule never holds", "that differ"),
    (ONCALL, LEE, ruled(f'{{from: 10pm, to: "07:00", {NIGHT_PHONE}}}'), 0, "'10pm' is not a time of day", "22:00"),
    (ONCALL, LEE, ruled(f"{{days: weekdays, {NIGHT_PHONE}}}"), 0, "'weekdays' is not a day", "mon-fri"),
    (ONCALL, LEE, ruled(f"{{days: [], {NIGHT_PHONE}}}"), 0, "are not days of the week", "mon-fri"),
    (ONCALL, LEE, ruled('{second: "+13125550181"}'), 0, "+13125550181 is what is rung first", "another telephone"),
    (ONCALL, LEE, ruled(f'{{{NIGHT_PHONE}, second: "+13125550381"}}'), 0, "is what is rung first", "another telephone"),
    (ONCALL, LEE, ruled(f"{{{NIGHT_PHONE}}}, {{text: no}}"), 0, "overlaps with rule 1", "let one end where the other"),
    (ONCALL, LEE, ruled(f"{EVENINGS}, {MORNINGS}"), 0, "overlaps with rule 1 of the same", "one number is meant"),
    (ONCALL, LEE, f"{{name: Dr Lee, contact: [{EVENINGS}], ", 0, "by which clocks", "add timezone"),
    (ONCALL, LEE, f"{{name: Dr Lee, contact: [{{days: sun, {NIGHT_PHONE}}}], ", 0, "by which clocks", "add timezone"),
    (OPERATOR, "country: CO, ", "country: VE, ", 0, "country of concern (VE)", "another site"),
    (OPERATOR, "country: US, state: IL", "country: US", 0, "in the US without a state", "add state"),
    (OPERATOR, "country: ZA, ", "country: ZA, state: IL, ", 0, "has a US state but is in ZA", "remove state"),
    (OPERATOR, '["06:00-18:00"]}', '["06:00-18:00"]}, breaks: {wed: ["17:45-18:15"]}', 0, "wed 17:45", "into the"),
    (OPERATOR, 'sun: ["06:00-18:00"]}', 'fri: ["20:00-04:00"]}, breaks: {mon: ["00:30-01:15"]}', 0, "mon 00:30", "day"),
    (MAPLE, "nurse:         {", f"nurse: {{relax: [{TWICE}], ", 0, "level is given up by a step above", "keep one"),
    (OPERATOR, "id: ana, ", 'id: ana, breaks: {mon: ["06:00-06:30"]}, ', 0, "of ana that begins mon 06:00", "shift"),
    (MAPLE, HOURS, "{mon: []}", 0, "loop is never open, and what is promised for nurse, scheduling", "hours"),
    (MAPLE, "practice: maple\n", "practice: mapel\n", 0, "but the file is maple.yaml", "practice: maple"),
    (MAPLE, "pool: maple-front-desk", "pool: maple-desk", 0, "no pool 'maple-desk'", "'maple-front-desk'"),
    (MAPLE, "service: billing}", "service: biling}", 0, "no service 'biling'", "'billing'"),
    (MAPLE, "key: 4,", "key: 3,", 0, "the key 3 is used twice", "its own key"),
    (MAPLE, "{key: 1, service: nurse}", "{key: 1, service: billing}", -1, "leads to a licensed service", "clinician"),
    (MAPLE, "adult: adult-red-flags", "adult: adult", 0, "no protocol 'adult'", "adult-red-flags"),
    (MAPLE, "child: child-red-flags", "child: adult-red-flags", 0, "written for adult", "patients: child"),
    (MAPLE, PROTOCOLS, "protocol: adult-red-flags", 0, "everybody would be screened by it", "protocols: {adult"),
    (MAPLE, f", {PROTOCOLS}", "", 0, "clinical but has no protocol", "add protocol"),
    (MAPLE, "triage_rn, level: L0", "triage_rn, level: L1", 0, "clinical but asks for L1", "level: L0"),
    (MAPLE, NURSE, "after_hours: message, " + PROTOCOLS + "}", 0, "not end with the clinician", "on_call"),
    (MAPLE, "after_hours: callback", "after_hours: on_call", 0, "on_call but is not licensed", "licensed: true"),
    (MAPLE, "need: 2", "need: 1", 0, "L1 needs 1 of 5", "from 2"),
    (MAPLE, "need: 2", "need: 6", 0, "L1 needs 6 of 5", "number of items"),
    (MAPLE, "require: [date_of_birth], need: 2}", "require: [ssn], need: 2}", 0, "'ssn' is not known", "write one"),
    (MAPLE, "name, mrn, phone_on_file], require: [date_of_birth]", "name], require: [mrn]", 0, "no item 'mrn'", "name"),
    (MAPLE, "tries: 3", "scopes: {home_care: [sheduling]}", 0, "service 'sheduling'", "did you mean 'scheduling'"),
    (MAPLE, "tries: 3", "scopes: {aunt: [scheduling]}", 0, "'aunt'", "parent"),
    (MAPLE, "tries: 3", "representatives: yes", 0, "'yes' is neither true nor false", "write true or false"),
    (MAPLE, "level: L1, new", "level: L1, confidential: {from_age: 30}, new", 0, "30 is no age of a minor", "0 to 20"),
    (MAPLE, "tries: 3", "tries: 9", 0, "9 tries are out of bounds", "1 to 5"),
    (MAPLE, "rota: maple-physicians", "rota: maple-doctors", 0, "no rota 'maple-doctors'", "write one of"),
    (MAPLE, "director: dr-patel", "director: dr-pattel", 0, "no person 'dr-pattel'", "'dr-patel'"),
    (MAPLE, "emergent: fast", "emergent: faster", 0, "no escalation 'faster'", "'fast'"),
    (MAPLE, "emergent: fast, ", "", 0, "no escalation is named for emergent", "add emergent"),
    (MAPLE, '["+13125550101"]', '["+13125550100"]', 0, "+13125550100 is listed twice", "keep one"),
    (RIVERSIDE, '"+12105550120"', '"+13125550100"', 0, "already belongs to maple", "its own numbers"),
    (RIVERSIDE, "\n  location: downtown", "", -2, "which location it is for", "downtown, westside"),
    (RIVERSIDE, "location: downtown", "location: uptown", 0, "no location 'uptown'", "downtown, westside"),
    (RIVERSIDE, "kind: laboratory", "kind: bakery", 0, "'bakery' is not known here", "laboratory"),
    (RIVERSIDE, "kind: laboratory", "kind: practice", 0, "lakeside is a practice, and none calls", "laboratory"),
    (RIVERSIDE, '"+12105550132"', '"+12105550131"', 0, "listed for two organisations", "a number of its own"),
    (RIVERSIDE, '"+12105550131"', '"+12105550119"', 0, "is one that patients dial", "answers at any hour"),
    (RIVERSIDE, '"+12105550131"', '"+13125550100"', 0, "is one that patients dial", "answers at any hour"),
    (RIVERSIDE, '"+12105550131"', '"+19005550131"', 0, "is never rung", "answers at any hour"),
    (RIVERSIDE, '"+12105550131"', '"+881612345678"', 0, "is never rung", "answers at any hour"),
    (RIVERSIDE, '"+12105550131"', '"+442079460131"', 0, "is never rung: abroad", "answers at any hour"),
    (RIVERSIDE, "name: Lakeside Laboratories, ", "", 0, "name is missing", "add name:"),
    (ONCALL, "people: [dr-lee, dr-okafor]", "people: [dr-lee, dr-okafr]", 0, "no person 'dr-okafr'", "'dr-okafor'"),
    (ONCALL, PEOPLE, "people: [dr-lee, dr-li]", 0, "there is no person 'dr-li'", "did you mean"),
    (ONCALL, PEOPLE, "people: [dr-lee, nobody]", 0, "there is no person 'nobody'", "write one of"),
    (ONCALL, PEOPLE, "people: [{person: dr-lee, turns: 0}]", 0, "0 turns is out of bounds", "1 to 100"),
    (ONCALL, PEOPLE, f"every: 0\n    {PEOPLE}", 0, "a turn of 0 is none", "1 to 1000"),
    (ONCALL, "rotation: weekly\n", "rotation: monthly\n", 1, "'mon' is no day of every month", "1st mon"),
    (ONCALL, MONDAY, "    hand_over: 1 08:00\n    from: 2026-10-05\n    p", 0, "'1' is no weekday", "mon 08:00"),
    (ONCALL, MONDAY, "    hand_over: 5th mon 08:00\n    from: 2026-10-05\n    p", 0, "not a hand-over", "a weekday"),
    (ONCALL, MONDAY, f"    layers: [{{{NIGHTS}, until: 2026-10-01 08:00}}]\n{MONDAY}", 0, "ends before it", "swap"),
    (ONCALL, MONDAY, f"    layers: [{{rotation: shift, {REST}}}]\n{MONDAY}", 0, "need shifts", "write when:"),
    (ONCALL, MONDAY, f"    layers: [{{{NIGHTS[:-8]}: [nobody]}}]\n{MONDAY}", 0, "has nobody in it", "name somebody"),
    (ONCALL, MONDAY, f"    temporary: [{OUTSIDE}]\n{MONDAY}", 0, "never holds", "move it"),
    (ONCALL, OKAFOR_COVERS, f"{OKAFOR_COVERS}, beside: true, instead_of: dr-lee", 0, "stands in for nobody", "remove"),
    (ONCALL, "next_on_call, by: [voice, sms], for: 150s", "oncall, by: [voice], for: 1m", 0, "'oncall'", "on_call"),
    (ONCALL, ', sms: "+13125550182"', "", None, "has no sms number", "add sms to dr-okafor"),
    (ONCALL, "MD, state: TX, expires: 2028-02-29", "MD, state: IL, expires: 2028-02-29", 0, "in TX without", "add"),
    (ONCALL, "MD, state: TX, expires: 2028-02-29", "MD, state: TX, expires: 2026-02-28", 0, "in TX without", "add"),
    (PROTOCOL, "protocol: adult-red-flags", "protocol: red-flags", 0, "but the file is adult-red-flags.yaml", "rename"),
    (PROTOCOL, "key: stroke_signs", "key: breath", 0, "'breath' is used twice", "its own key"),
    (PROTOCOL, "review_by: 2027-09-14", "review_by: 2026-10-21", 0, "was due on 2026-10-21", "sign it again"),
    (PROTOCOL, "date: 2026-09-14", "date: 2026-12-14", 0, "yet to come", "the day it was signed"),
]  # fmt: skip


def problems_of(folder: Path, at: datetime = AT) -> tuple[Problem, ...]:
    with pytest.raises(ConfigurationError) as refused:
        checked(folder, at)
    return refused.value.problems


@pytest.mark.parametrize(
    ("file", "old", "new", "off", "what", "mend"),
    RULES,
    ids=[f"{rule[0]}: {rule[4]}".replace("/", " ") for rule in RULES],
)
def test_a_broken_rule_is_named_with_its_line_and_mend(
    folder: Folder, file: str, old: str, new: str, off: int | None, what: str, mend: str
) -> None:
    line = folder.replace(file, old, new)
    wrong = [one for one in problems_of(folder.path) if what in one.what and mend in one.mend and not one.warning]
    assert [one.file for one in wrong[:1]] == [str(folder.path / file)], problems_of(folder.path)
    assert off is None or wrong[0].line == line + off


def test_every_fault_of_every_file_is_named_at_once(folder: Folder) -> None:
    folder.replace(MAPLE, "state: IL", "state: Illinois")
    folder.replace(MAPLE, "keep: 7y", "keep: long")
    folder.replace(RIVERSIDE, "baa: BAA-2026-021", "bba: BAA-2026-021")
    folder.replace(ONCALL, "page: on_call, by: [voice, sms], for: 5m, times: 2", "page: on_call, by: [fax], for: 5m")
    found = {(Path(one.file).name, one.what.partition(":")[0]) for one in problems_of(folder.path)}
    assert found == {
        ("maple.yaml", "locations.loop.state"),
        ("maple.yaml", "recording.keep"),
        ("riverside.yaml", "unknown key 'bba'"),
        ("riverside.yaml", "policy.baa is missing"),
        ("oncall.yaml", "escalations.standard.0.by.0"),
    }


def test_the_text_of_the_error_is_one_line_a_problem(folder: Folder) -> None:
    line = folder.replace(MAPLE, "state: IL", "state: XX")
    with pytest.raises(ConfigurationError) as refused:
        checked(folder.path, AT)
    assert str(refused.value) == (
        f"{folder.path}/practices/maple.yaml:{line}: locations.loop.state: 'XX' is not a state; "
        "write the two letters of a US state, such as IL"
    )


def test_an_escalation_must_end_with_the_house_fallback(folder: Folder) -> None:
    text = (folder.path / ONCALL).read_text().replace("    - house_fallback\n", "", 1)
    (folder.path / ONCALL).write_text(text)
    assert "last step is not house_fallback" in problems_of(folder.path)[0].what


@pytest.mark.parametrize("file", [OPERATOR, ONCALL])
def test_a_missing_file_is_named(folder: Folder, file: str) -> None:
    (folder.path / file).unlink()
    missing = problems_of(folder.path)[0]
    assert (missing.file, missing.what) == (str(folder.path / file), "the file is missing")


@pytest.mark.parametrize("stray", ["practices/birch.yml", "operator.yaml.bak", "practices/old/oak.yaml", "more.yaml"])
def test_a_file_that_nobody_reads_is_refused(folder: Folder, stray: str) -> None:
    path = folder.path / stray
    path.parent.mkdir(exist_ok=True)
    path.write_text("practice: birch\n")
    assert [(one.file, one.what) for one in problems_of(folder.path)] == [
        (str(path), "this file is not part of a configuration")
    ]


def test_what_the_ear_learns_from_is_passed_over(folder: Folder) -> None:
    assert (folder.path / "hearing" / "weights.json").is_file()
    checked(folder.path, AT)


def test_a_folder_without_practices_is_refused(folder: Folder) -> None:
    for path in (folder.path / "practices").iterdir():
        path.unlink()
    assert "no .yaml file" in problems_of(folder.path)[0].what


def test_an_unsigned_protocol_passes_only_where_it_is_allowed(folder: Folder) -> None:
    text = (folder.path / PROTOCOL).read_text().splitlines(keepends=True)
    (folder.path / PROTOCOL).write_text("".join(line for line in text if not line.startswith("sign_off")))
    assert [one.what for one in problems_of(folder.path)] == ["the protocol is not signed"]
    _, warnings = checked(folder.path, AT, allow_unsigned=True)
    assert [one.what for one in warnings] == ["the protocol is not signed"]


def test_a_practice_language_without_words_in_the_protocol_is_refused(folder: Folder) -> None:
    folder.replace(MAPLE, "languages: [en-US, es-US]", "languages: [en-US, fil-PH]")
    found = problems_of(folder.path)
    assert {Path(one.file).name for one in found if not one.warning} == {*SCREENS, "maple.yaml"}
    wordless = [one.what for one in found if "no words" in one.what]
    assert wordless[0].startswith("breath has no words in fil-PH under ask (and ")
    assert len(wordless) == len(SCREENS)
    assert "no agent speaks fil-PH, and nobody interprets it" in {one.what for one in found if one.warning}


def interpreters_warned(folder: Folder) -> list[tuple[str, int, str]]:
    _, warnings = checked(folder.path, AT)
    return [(Path(one.file).name, one.line, one.what) for one in warnings if "interpret" in str(one)]


def test_a_language_that_nobody_interprets_is_warned_of_where_some_agents_do_not_speak_it(folder: Folder) -> None:
    assert interpreters_warned(folder) == []
    folder.replace(OPERATOR, LINGUA_AS_WRITTEN, "")
    what = "nobody interprets es-US, so only agents who speak it can answer"
    assert interpreters_warned(folder) == [("maple.yaml", 4, what), ("riverside.yaml", 4, what)]
    for service in ("nurse", "scheduling", "billing"):
        path = folder.path / RIVERSIDE
        path.write_text(re.sub(rf"(  {service}: +){{", r"\1{relax: [], ", path.read_text()))
    assert interpreters_warned(folder) == [("maple.yaml", 4, what)]


def test_an_interpreter_of_a_language_that_no_practice_is_called_in_is_warned_of(folder: Folder) -> None:
    line = folder.replace(OPERATOR, "languages: [es-US], keys", "languages: [es-US, fr-FR], keys")
    _, warnings = checked(folder.path, AT)
    assert ("operator.yaml", line, "no practice is called in fr-FR") in [
        (Path(one.file).name, one.line, one.what) for one in warnings
    ]


def test_a_language_that_is_only_interpreted_is_served(folder: Folder) -> None:
    folder.replace(OPERATOR, "languages: [es-US], keys", "languages: [es-US, fil-PH], keys")
    folder.replace(MAPLE, "languages: [en-US, es-US]", "languages: [en-US, fil-PH]")
    assert not [one for one in problems_of(folder.path) if "no agent speaks" in one.what]


def test_a_telephone_that_a_family_shares_is_warned_of_where_nothing_else_is_asked(folder: Folder) -> None:
    line = folder.replace(MAPLE, "zip, name, mrn, phone_on_file], require", "phone_on_file], require")
    _, warnings = checked(folder.path, AT)
    assert [(one.line, one.what[:26]) for one in warnings] == [(line, "families share a telephone")]


def test_a_staff_pool_abroad_breaks_a_policy_that_keeps_calls_in_the_us(folder: Folder) -> None:
    folder.replace(MAPLE, "agents_outside_us: allowed", "agents_outside_us: never")
    folder.replace(OPERATOR, "maple-front-desk: {site: chicago", "maple-front-desk: {site: bogota")
    assert "the staff pool is in CO" in problems_of(folder.path)[0].what


def test_what_lapses_or_is_never_used_is_a_warning(folder: Folder) -> None:
    folder.replace(OPERATOR, "name: Ana Reyes, pool: manila", "name: Ana Reyes, pool: manila, licences: []")
    folder.replace(OPERATOR, "trained: {hipaa: 2026-01-12}", "trained: {hipaa: 2025-01-12}")
    folder.replace(OPERATOR, "state: AZ, compact: true, expires: 2028-04-01", "state: AZ, expires: 2026-11-20")
    folder.replace(ONCALL, "  fast:\n", "  slow: [house_fallback]\n  fast:\n")
    _, warnings = checked(folder.path, AT)
    assert [one.what for one in warnings] == [
        "no practice uses slow",
        "the RN licence of carmela in AZ ends on 2026-11-20",
        "the training of grace ended on 2026-01-12",
    ]


def warned(folder: Folder, at: datetime = AT) -> list[str]:
    _, warnings = checked(folder.path, at)
    return [str(one).removeprefix(f"{folder.path}/") for one in warnings]


def test_a_skill_nobody_has_is_a_warning(folder: Folder) -> None:
    line = folder.replace(MAPLE, "billing:       {skill: billing", "billing:       {skill: coding")
    assert warned(folder) == [
        f"{MAPLE}:{line}: warning: no agent has the skill 'coding' at level 1 or better; "
        "add it to an agent in operator.yaml, or name another skill"
    ]


@pytest.mark.parametrize("level", ["L2", "L3"])
def test_a_level_for_which_the_practice_sends_no_codes_is_one_warning_with_one_mend(folder: Folder, level: str) -> None:
    folder.replace(MAPLE, "  L2: {add: sms_code}\n", "")
    line = folder.replace(MAPLE, "billing, level: L2", f"billing, level: {level}")
    _, warnings = checked(folder.path, AT)
    assert [(one.line, one.what, one.mend) for one in warnings] == [
        (
            line,
            f"billing asks for {level}, but the practice has no codes sent, so that callers come to L1",
            "write L2: {add: sms_code} under identity, or level: L1",
        )
    ]


def test_codes_through_verify_are_fine_and_each_practice_has_a_service_of_its_own(folder: Folder) -> None:
    codes = f"L2: {{add: sms_code, through: verify, service: {SERVICE}}}"
    folder.replace(MAPLE, "L2: {add: sms_code}", codes)
    assert warned(folder) == []
    line = folder.replace(RIVERSIDE, "  tries:", f"  {codes}\n  tries:")
    assert [(one.file[-len(RIVERSIDE) :], one.line, one.what, one.mend) for one in problems_of(folder.path)] == [
        (
            RIVERSIDE,
            line,
            "the Verify service already belongs to maple, whose name is in its texts",
            "give each practice a service of its own",
        )
    ]


def test_a_level_that_agents_bring_callers_to_is_kept_by_codes_and_a_checklist(folder: Folder) -> None:
    folder.replace(MAPLE, "billing, level: L2", "billing, level: L3")
    assert warned(folder) == []


def test_a_level_for_which_the_practice_has_no_checklist_is_a_warning(folder: Folder) -> None:
    folder.replace(MAPLE, "  L3: {}\n", "")
    line = folder.replace(MAPLE, "billing, level: L2", "billing, level: L3")
    assert warned(folder) == [
        f"{MAPLE}:{line}: warning: billing asks for L3, but the practice has no checklist, so that callers come to L2; "
        "write L3: {} under identity, or level: L2"
    ]


@pytest.mark.parametrize("ways", ["message", "callback"])
def test_a_level_of_agents_where_callers_come_to_none_is_a_warning(folder: Folder, ways: str) -> None:
    line = folder.replace(MAPLE, "billing, level: L2", f"billing, level: L3, open: {ways}")
    assert warned(folder) == [
        f"{MAPLE}:{line}: warning: billing asks for L3, which an agent ticks in a talk, but its callers come to no "
        "agent; write open: agents, or level: L2"
    ]


def test_a_checklist_that_nobody_comes_to_is_a_warning(folder: Folder) -> None:
    folder.replace(MAPLE, "billing, level: L2", "billing, level: L1")
    folder.replace(MAPLE, "  L2: {add: sms_code}\n", "")
    (warning,) = warned(folder)
    assert warning.endswith(
        "warning: no checklist is ticked for whoever has given no code, and the practice has no codes sent; "
        "write L2: {add: sms_code} beside it, or remove it"
    )


def test_a_pool_without_people_is_a_warning(folder: Folder) -> None:
    line = folder.replace(
        "operator.yaml", "\nagents:\n", "  lisbon: {site: manila, shift: {mon: [08:00-09:00]}}\nagents:\n"
    )
    assert warned(folder) == [
        f"{OPERATOR}:{line}: warning: nobody works in the pool lisbon; give it an agent, or remove it"
    ]


def test_an_override_is_a_warning_from_the_instant_it_is_over(folder: Folder) -> None:
    line = folder.replace(ONCALL, "until: 2026-11-02 08:00, person: dr-lee", "until: 2026-11-01 01:30, person: dr-lee")
    second = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
    assert warned(folder, second - timedelta(seconds=1)) == []
    assert warned(folder, second) == [
        f"{ONCALL}:{line}: warning: the override by dr-lee was over on 2026-11-01 01:30; "
        "remove it, or judge an earlier day with --at"
    ]


def test_a_day_with_a_shift_of_its_own_is_a_warning_once_it_is_over_where_it_is_worked(folder: Folder) -> None:
    line = folder.replace(OPERATOR, "id: ana, ", "id: ana, days: {2026-11-01: []}, ")
    still = datetime(2026, 11, 1, 15, 59, tzinfo=UTC)
    assert warned(folder, still) == []
    assert warned(folder, still + timedelta(minutes=1)) == [
        f"{OPERATOR}:{line}: warning: 2026-11-01, a day of ana with hours of its own, is over; remove it"
    ]


def test_somebody_who_never_works_is_a_warning(folder: Folder) -> None:
    line = folder.replace(OPERATOR, "id: ana, ", "id: ana, shift: {mon: []}, ")
    assert warned(folder) == [
        f"{OPERATOR}:{line}: warning: ana does not work once in the year after 2026-11-01; "
        "write a shift, or remove them"
    ]


def test_a_place_that_never_opens_is_legal_where_nothing_waits_for_it(folder: Folder) -> None:
    text = (folder.path / MAPLE).read_text()
    text = text.replace("next_open + 2h", "now + 2h").replace("next_open + 4h", "now + 4h")
    text = text.replace("after_hours: agents}", "after_hours: agents, promise: now + 4h}")
    text = text.replace(f"{PROTOCOLS}}}", f"{PROTOCOLS}, promise: now + 4h}}")
    (folder.path / MAPLE).write_text(text)
    folder.replace(MAPLE, HOURS, "{mon: []}")
    assert [one for one in warned(folder) if "open" in one] == [
        f"{MAPLE}:11: warning: loop is never open; write its opening hours"
    ]


def test_one_protocol_for_everybody_is_told_of_and_passes(folder: Folder) -> None:
    folder.replace(PROTOCOL, "patients: adult\n", "")
    signing = ("--by", "Dr Example", "--at", AT.isoformat(), "--yes")
    CliRunner().invoke(protocol, ["sign", str(folder.path / PROTOCOL), *signing])
    folder.replace(MAPLE, PROTOCOLS, "protocol: adult-red-flags")
    assert [one for one in warned(folder) if "everybody is screened" in one]


def test_a_group_without_a_protocol_is_told_of_and_passes(folder: Folder) -> None:
    folder.replace(MAPLE, ", child: child-red-flags", "")
    assert [one for one in warned(folder) if "no protocol is named for whoever is a child" in one]


def test_a_question_of_two_protocols_is_told_with_both(folder: Folder) -> None:
    folder.replace("protocols/child-red-flags.yaml", "key: child_breath", "key: breath")
    told = [one.what for one in problems_of(folder.path) if one.file.endswith(MAPLE)]
    assert told == ["the question 'breath' is in two of these protocols: adult-red-flags and child-red-flags"]


def test_a_protocol_that_raises_nothing_is_one_fault(folder: Folder) -> None:
    path = folder.path / PROTOCOL
    text = path.read_text("utf-8").partition("red_flags:")[0].replace("says_911: true", "says_911: false")
    path.write_text(text.replace("raises_to: emergent", "raises_to: routine"), "utf-8")
    found = [one for one in problems_of(folder.path) if "raises nothing" in one.what]
    others = "(and 10 more: chest, awake, stroke_signs and 7 more)"
    assert [one.what for one in found] == [f"breath raises nothing: a symptom is never less than urgent {others}"]


def test_what_many_entries_of_a_file_lack_alike_is_one_fault(folder: Folder) -> None:
    path = folder.path / PROTOCOL
    path.write_text(path.read_text("utf-8").replace("raises_to: emergent", "raises_to: routine"), "utf-8")
    (one,) = problems_of(folder.path)
    assert one.what.startswith("questions.0: the question says 911 below emergent (and ")
    operator = folder.path / OPERATOR
    operator.write_text(operator.read_text("utf-8").replace("country: ", "contry: "), "utf-8")
    told = [one.what for one in problems_of(folder.path) if one.file == str(operator)]
    assert told == [
        "sites.manila.country is missing (and 3 more: cape-town, bogota and chicago)",
        "unknown key 'contry' (and 3 more: cape-town, bogota and chicago)",
    ]


@pytest.mark.parametrize(
    ("at", "of", "kind"),
    [
        (
            PROTOCOL,
            ONCALL,
            "this is not a protocol: it holds people, rotas and escalations, and looks like oncall.yaml",
        ),
        (MAPLE, PROTOCOL, "this is not a practice: it holds protocol, patients, version and 6 more, and looks like"),
        (ONCALL, OPERATOR, "this is not the file of who is on call: it holds operator, "),
        (OPERATOR, MAPLE, "this is not the operator's file: it holds practice, name, "),
    ],
)
def test_a_file_in_the_place_of_another_is_one_fault(folder: Folder, at: str, of: str, kind: str) -> None:
    (folder.path / at).write_bytes((folder.path / of).read_bytes())
    (one,) = (one for one in problems_of(folder.path) if one.file == str(folder.path / at))
    assert (one.line, one.what[: len(kind)]) == (1, kind)


@pytest.mark.parametrize(
    ("hours", "what", "mend"),
    [
        (
            '{mon-sun: ["00:00-24:00"]}',
            "maple never opens after a closing, so that there is never a summary",
            "made: false",
        ),
        ('{mon-sun: ["06:00-03:30"]}', "maple is never closed for so long", "write at most 2h30m, or made: false"),
    ],
)
def test_a_summary_that_would_never_be_made_is_refused_where_it_is_written(
    folder: Folder, hours: str, what: str, mend: str
) -> None:
    path = folder.path / MAPLE
    text = path.read_text("utf-8").partition("    holidays:")
    path.write_text(
        text[0].replace(HOURS, hours) + "".join(text[1:]).partition("staff:")[1] + text[2].partition("staff:")[2],
        "utf-8",
    )
    checked(folder.path, AT)
    line = folder.replace(MAPLE, "\nrecording:", SUMMARY.format("text: +13125550102"))
    (one,) = problems_of(folder.path)
    assert (one.line, what in one.what, mend in one.mend) == (line + 1, True, True)


def test_contact_rules_that_follow_one_another_pass_and_need_no_clocks_where_they_always_hold(folder: Folder) -> None:
    at_noon = MORNINGS.replace("07:59", "08:00")
    folder.replace(ONCALL, LEE, ruled(f"{EVENINGS}, {at_noon}"))
    folder.replace(ONCALL, "{name: Dr Okafor, ", '{name: Dr Okafor, contact: [{second: "+13125550382"}], ')
    checked(folder.path, AT)
