"""Broken case.toml files: each is one small edit of the valid town, each gets one message that says what to do."""

from __future__ import annotations

import pytest

from bailiwick.errors import CaseErrors

ALONE = '    { areas = ["T01"], model = "alone", headquarters = "Northgate" },'
TOGETHER = '    { areas = ["T01", "T02", "T03", "T04"], model = "together", headquarters = "Northgate" },'
CUTS = TOGETHER.replace("together", "alone-cut")
COMMANDER = 'today = { value = 1, low = 1, high = 1, kind = "data"'
CARS = 'value = 5\nlow = 3\nhigh = 8\nunit = "cars"\nkind = "guess"\npublished = 2018-01-31\nholder = "Town Police"'
PAY = '[assumptions."finance.pay.constable"]\ntitle = "Pay"\nvalue = 3\nlow = 2\nhigh = 4\nkind = "guess"\n' \
      'published = 2018-01-31\nholder = "Town Police"\nwhy = "It matters"\n'
YEAR = 'unit = "GBP a year, 2017-18 prices"\n'
HEAD = '[assumptions."response.cars_on_duty.today"]'

# name: (old text, new text), key, found, expected, to do
CASES = {
    "unknown key": (("draws = 20", "drawz = 20"), "drawz", "drawz", "one of the keys", 'did you mean "draws"?'),
    "unknown key of a table": (("crossings = true", "crossing = true"), "areas.crossing", "crossing", "across_forces",
                               'did you mean "crossings"?'),
    "missing key": (('title = "Decide later"\n', ""), "options.pause.title", "nothing", "the option in plain words",
                    "add title"),
    "missing table": (("[areas]\nsystem", "[tables.areas]\nsystem"), "areas", "nothing", "the areas in question",
                      "add"),
    "another version": (("bailiwick/case/1", "bailiwick/case/9"), "schema", "bailiwick/case/9", "bailiwick/case/1",
                        "another version"),
    "name that is no name": (('name = "town"', 'name = "../Town"'), "name", "../Town", "small letters, digits", ""),
    "text for a number": (("seed = 7", 'seed = "7"'), "seed", "7", "a whole number", "without quotes"),
    "number for text": (('title = "As it is"', "title = 5"), "options.today.title", "5", "text in double quotes", ""),
    "true for a number": (("draws = 20", "draws = true"), "draws", "true", "a whole number", ""),
    "number too small": (("horizon_years = 10", "horizon_years = 0"), "horizon_years", "0", "1 or more", ""),
    "date in quotes": (("as_of = 2018-01-31", 'as_of = "2018-01-31"'), "as_of", "2018-01-31", "a date",
                       "without quotes"),
    "date with a time": (("effective = 2018-05-23", "effective = 2018-05-23T10:00:00"), "effective",
                         "2018-05-23T10:00:00", "a date",
                         "without a time"),
    "empty text": (('owner = "Town Police"', 'owner = ""'), 'gates."Evaluation released".owner', "",
                   "text that is not empty", ""),
    "text of two lines": (('title = "Decide later"', 'title = "Decide\\nlater"'), "options.pause.title", "Decide",
                          "text on one line", ""),
    "address that is none": (('url = "https://example.org/soon"', 'url = "javascript:alert(1)"'),
                             'gates."Evaluation released".evidence[1].url', "javascript", "a web address", ""),
    "unknown word": (('dispatch = "pooled"', 'dispatch = "poled"'), "models.together.dispatch", "poled",
                     "strict, own-first", 'did you mean "pooled"?'),
    "empty list": (('bases = ["Hilltop"]', "bases = []"), "models.together.bases", "[]", "at least one entry", ""),
    "table for a list": (("scope = [\n    \"T01\",", "scope = 3\nother = [\n    \"T01\","), "areas.scope", "3",
                         "a list in square brackets", ""),
    "no such area system": (('system = "town"', 'system = "twon"'), "areas.system", "twon", "an area system",
                            'did you mean "town"?'),
    "misspelt area": (('"T03",\n', '"Eastfeld",\n'), "areas.scope[3]", "Eastfeld", "the code of an area",
                      "did you mean T03 (Eastfield)?"),
    "name for a code": (('"T03",\n', '"Eastfield",\n'), "areas.scope[3]", "Eastfield", "the code of an area",
                        "Eastfield is T03"),
    "area twice in scope": (('    "T03",\n', '    "T03",\n    "T03",\n'), "areas.scope[4]", "T03",
                            "no other entry has", "delete"),
    "area in two commands": (('{ areas = ["T03"], model = "alone" }', '{ areas = ["T01", "T03"], model = "alone" }'),
                             "options.today.commands[3].areas[1]", "T01 (Northgate) in commands 1 and 3",
                             "each area in one command", "delete"),
    "area twice in a command": ((TOGETHER, TOGETHER.replace('"T04"', '"T04", "T04"')),
                                "options.proposed.commands[1].areas[5]", "twice", "each area in one command", "delete"),
    "gap in a partition": ((TOGETHER, TOGETHER.replace(', "T04"', "")), "options.proposed.commands",
                           "no command for T04 (Southbank)", "every area in scope", "add it to a command"),
    "area out of scope": ((TOGETHER, TOGETHER.replace('"T04"', '"T04", "T05"')),
                          "options.proposed.commands[1].areas[5]", "T05", "areas.scope", "T05 (Weir) is not in scope"),
    "misspelt area in a command": ((TOGETHER, TOGETHER.replace('"T04"', '"Southbnk"')),
                                   "options.proposed.commands[1].areas[4]", "Southbnk", "areas.scope", "T04"),
    "command across water": (("crossings = true", "crossings = false"), "options.proposed.commands[1].areas",
                             "T01 (Northgate) + T02 (Hilltop) + T03 (Eastfield) | T04 (Southbank)", "join up over land",
                             "crossings = true"),
    "command in pieces": ((TOGETHER, TOGETHER.replace('"T02", ',
                          "") + '\n    { areas = ["T02"], model = "together" },'),
                          "options.proposed.commands[1].areas", "T01 (Northgate) + T04 (Southbank) | T03 (Eastfield)",
                          "join up over land or a crossing", "add the areas between"),
    "unknown model": ((ALONE, ALONE.replace('"alone"', '"alon"')), "options.today.commands[1].model", "alon",
                      "one of the models", 'did you mean "alone"?'),
    "model of another option": ((TOGETHER, CUTS), "options.proposed.commands[1].model",
                                "alone-cut, whose posts are cuts",
                                'posts = "proposed"', 'together'),
    "unknown site": ((ALONE, ALONE.replace('"Northgate"', '"Nothgate"')), "options.today.commands[1].headquarters",
                     "Nothgate", "one of the sites", 'did you mean "Northgate"?'),
    "unknown base": (('bases = ["Hilltop"]', 'bases = ["Hiltop"]'), "models.together.bases[1]", "Hiltop",
                     "one of the sites", 'did you mean "Hilltop"?'),
    "site in no area": (('area = "T02"', 'area = "T22"'), "sites.Hilltop.area", "T22", "the code of an area", "T02"),
    "site at no ward": (('at = "W1A"', 'at = "Northgate West"'), "sites.Northgate.at", "Northgate West",
                        "the code of a point", "Northgate West is W1A"),
    "site in no place": (('at = "W1A"\n', ""), "sites.Northgate", "as they are", "either at, or easting", "add at"),
    "site that closes before it opens": (("opens = 2001-01-01", "opens = 2001-01-01\ncloses = 2000-01-01"),
                                         "sites.Northgate.closes", "2000-01-01", "2001-01-01", ""),
    "two sites of one name": (('name = "Hilltop"\narea', 'name = "Northgate"\narea'), "sites.Northgate.name",
                              "Northgate", "no other entry", "rename"),
    "no option today": (('name = "today"\nkind = "today"', 'name = "now"\nkind = "alternative"'), "options",
                        "options now, cuts", 'an option named "today"', "as they are"),
    "no option cuts": (('name = "cuts"\nkind = "cuts"', 'name = "fewer"\nkind = "alternative"'), "options",
                       "options today, fewer", 'an option named "cuts"', "the same budget"),
    "no option proposed": (('name = "proposed"\nkind = "proposed"', 'name = "plan"\nkind = "alternative"'), "options",
                           "today, cuts, plan", 'an option named "proposed"', "the merger that is proposed"),
    "option of another kind": (('name = "pause"\nkind = "pause"', 'name = "later"\nkind = "today"'),
                               "options.later.kind", "name later, kind today", "the one option of that kind", "pause"),
    "pause without months": (("delay_months = 6\n", ""), "options.pause.delay_months", "0", "1 month or more", "add"),
    "two options of one name": (('name = "pause"\nkind = "pause"', 'name = "cuts"\nkind = "cuts"'),
                                "options.cuts.name", "cuts", "no other entry has", "rename"),
    "merger under cuts": (('    { areas = ["T01"], model = "alone-cut", headquarters = "Northgate" },\n'
                           '    { areas = ["T02"], model = "alone-cut", headquarters = "Hilltop" },',
                           '    { areas = ["T01", "T02"], model = "alone-cut" },'), "options.cuts.commands",
                          "T01 + T02 | T03 | T04", "nobody is merged", "alternative"),
    "two post lines alike": (('rank = "constable"\nrole = "response"', 'rank = "chief superintendent"\n'
                              'role = "commander"'), 'posts."chief superintendent.commander"',
                             "chief superintendent, commander", "no other entry has", "rename"),
    "negative posts": ((COMMANDER, COMMANDER.replace("low = 1", "low = -1")),
                       'posts."chief superintendent.commander".today.low', "-1 posts", "0 posts or more", "change"),
    "wrong unit of posts": (('unit = "posts per area"', 'unit = "posts per command"'),
                            "posts.constable.response.today.unit".replace("constable.response", '"constable.response"'),
                            "posts per command", 'posts per " and area', 'per = "area"'),
    "share above one": (("value = 0.2, low = 0, high = 0.5", "value = 20, low = 0, high = 50"),
                        'posts."constable.response".needs_merger.high', "high = 50", "from 0 to 1", "25% is 0.25"),
    "attribution that disagrees": (('attribution = "range"', 'attribution = "no"'), 'posts."constable.response".attri',
                                   "no, needs_merger 0 to 0.5", "no with 0", ""),
    "low above high": (("low = 3\nhigh = 8", "low = 8\nhigh = 3"), 'assumptions."response.cars_on_duty.today".low',
                       "low = 8, high = 3", "low no larger than high", "swap"),
    "value outside its range": (("value = 5\nlow", "value = 50\nlow"),
                                'assumptions."response.cars_on_duty.today".value', "50",
                                "from low = 3 to high = 8", "widen"),
    "not a number": (("value = 5\nlow", "value = nan\nlow"), 'assumptions."response.cars_on_duty.today".value', "nan",
                     "a number", ""),
    "infinity": (("\nhigh = 8", "\nhigh = inf"), 'assumptions."response.cars_on_duty.today".high', "inf", "a number",
                 ""),
    "huge number": (("value = 5\nlow", "value = 1e30\nlow"), 'assumptions."response.cars_on_duty.today".value', "1e+30",
                    "1e+15 or less", ""),
    "choice between halves": (('value = 1\nlow = 1\nhigh = 2\nshape = "choice"', 'value = 1\nlow = 0.5\nhigh = 2\n'
                               'shape = "choice"'), 'assumptions."response.desks_per_channel.alone".shape', "0.5",
                              "whole numbers", "uniform"),
    "guess without holder": ((CARS, CARS.replace('\nholder = "Town Police"', "")),
                             'assumptions."response.cars_on_duty.today".holder', "nothing", "who knows the value",
                             "add holder"),
    "guess without why": (('why = "How long a caller waits depends on it"\n', ""),
                          'assumptions."response.cars_on_duty.today".why', "nothing", "why it matters", "add why"),
    "data without source": ((CARS, CARS.replace("guess", "data")), 'assumptions."response.cars_on_duty.today".source',
                            "nothing", "who published it", 'kind = "guess"'),
    "no day of publication": ((CARS, CARS.replace("published = 2018-01-31\n", "")),
                              'assumptions."response.cars_on_duty.today".published', "nothing", "the day", "add"),
    "published too late": ((CARS, CARS.replace('"guess"', '"data"\nsource = "Town Police"').replace("2018-01",
                           "2018-10")),
                           'assumptions."response.cars_on_duty.today".published', "2018-10-31",
                           "published by 2018-01-31", "what was known then"),
    "unit of another assumption": ((HEAD, PAY + YEAR.replace("a year",
                                   "a month") + 'price_base = "2017-18"\n\n' + HEAD),
                                   'assumptions."finance.pay.constable".unit', "GBP a month", "GBP a year", "convert"),
    "negative money": ((HEAD, PAY.replace("low = 2", "low = -2") + YEAR + 'price_base = "2017-18"\n\n' + HEAD),
                       'assumptions."finance.pay.constable".low', "-2 GBP", "0 or more", "without a sign"),
    "money without a price base": ((HEAD, PAY + YEAR + "\n" + HEAD), 'assumptions."finance.pay.constable".price_base',
                                   "nothing", "the prices that the money is in", '"2017-18"'),
    "mixed price bases": ((HEAD, PAY + YEAR + 'price_base = "2012-13"\n\n' + HEAD),
                          'assumptions."finance.pay.constable".price_base', "2012-13", "2017-18", "never mixed"),
    "misspelt override": ((HEAD, PAY.replace("pay.constable", "pay.constabel") + YEAR + 'price_base = "2017-18"\n\n'
                           + HEAD), 'assumptions."finance.pay.constabel"', "finance.pay.constabel",
                          "something reads", 'did you mean "finance.pay.constable"?'),
    "posts among the assumptions": ((HEAD, PAY.replace("finance.pay", "posts.pay") + 'unit = "posts"\n\n' + HEAD),
                                    'assumptions."posts.pay.constable"', "posts.pay", "an assumption of a room",
                                    "[[posts]]"),
    "model that names no assumption": (('strength = "response.cars_on_duty.today"', 'strength = "response.cars.today"'),
                                       "models.alone.strength", "response.cars.today", "the name of an assumption",
                                       "response.cars_on_duty.today"),
    "unknown rulebook": (('rulebook = "green-book-2003"', 'rulebook = "green-book-2004"'), "rulebook",
                         "green-book-2004",
                         "rulebooks", "green-book-20"),
    "rulebook of a later day": (('rulebook = "green-book-2003"', 'rulebook = "green-book-2022"'), "rulebook",
                                "green-book-2022, published 2022", "by 2018-01-31", "earlier edition"),
    "unknown rules of the verdict": (('"verdict-1"', '"verdict-one"'), "verdict_rules", "verdict-one", "rules",
                                     "verdict-1"),
    "assurer who is the analyst": (('assurer = ""', 'assurer = "ada example"'), "roles.assurer", "ada example",
                                   "other than the analyst", "second person"),
    "two gates of one name": (("[[gates]]", '[[gates]]\nname = "Evaluation released"\nowner = "x"\nrequires = "y"\n\n'
                               "[[gates]]"), 'gates."Evaluation released".name', "Evaluation released",
                              "no other entry", "rename"),
    "pilot in no area": (('areas = ["T05", "T06"]', 'areas = ["T05", "Mash"]'), "pilots.east.areas[2]", "Mash",
                         "the code of an area", "T06 (Marsh)"),
    "phases that overlap": (("start = 2017-09-04, end = 2018-04-01", "start = 2017-09-03, end = 2018-04-01"),
                            'pilots.east.phases."two channels".start', "2017-09-03", "no earlier than the end", ""),
    "phase that ends before it starts": (("start = 2017-04-01, end = 2017-09-04",
                                         "start = 2017-04-01, end = 2017-03-04"),
                                         'pilots.east.phases."one channel".end', "2017-03-04", "after 2017-04-01", ""),
    "unknown table": (('crimes = "data/crimes.csv"', 'crime = "data/crimes.csv"'), "tables.crime", "crime",
                      "one of the tables", 'did you mean "crimes"?'),
    "unknown table of the catalogue": (('"data/crimes.csv"', '"catalogue:crimes-lundon"'), "tables.crimes",
                                       "crimes-lundon", "a table of the catalogue", 'did you mean "crimes-london"?'),
    "table of other areas": (('"data/crimes.csv"', '"catalogue:crimes-london"'), "tables.crimes", "E09",
                             "areas of town",
                             "another area system"),
    "table under another name": (('figures = "data/figures.csv"', 'figures = "catalogue:crimes-london"'),
                                 "tables.figures", "a table of crimes", "a table of figures", "under its own name"),
    "table outside the case": (('"data/crimes.csv"', '"../crimes.csv"'), "tables.crimes", "../crimes.csv",
                               "inside the case folder", "copy the file"),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_one_message_says_where_what_and_what_to_do(name, edit, refused):
    (old, new), key, found, expected, todo = CASES[name]
    edit("case.toml", old, new)
    problems = refused()
    told = problems.problems if isinstance(problems, CaseErrors) else (problems,)
    fitting = [p for p in told if p.key.startswith(key)]
    assert fitting, f"{key} is not among {[p.key for p in told]}"
    error = fitting[0]
    assert error.where.startswith("town/case.toml"), error.where
    assert found in str(error.got)
    assert expected in error.expected
    assert todo in error.hint
    assert str(error) in str(problems)


def test_there_are_at_least_forty_broken_cases():
    assert len(CASES) >= 40


@pytest.mark.parametrize("name", ["misspelt area", "unknown model", "value outside its range", "unknown key",
                                  "negative posts", "gap in a partition", "date in quotes", "unknown word",
                                  "unknown site", "phases that overlap"])
def test_the_message_names_the_line(name, edit, refused):
    (old, new), *_ = CASES[name]
    town = edit("case.toml", old, new)
    line = int(refused().where.rsplit("line ", 1)[1])
    before = town.joinpath("case.toml").read_text(encoding="utf-8").splitlines()
    wanted = next(part for part in new.splitlines() if part.strip()).strip()
    assert wanted in before[line - 1] or before[line - 1].strip() in new or "commands" in before[line - 1]


def test_an_area_of_another_force_is_refused(edit, refused):
    edit("areas/town-areas.csv", "T04,Southbank,Town Police", "T04,Southbank,Harbour Police")
    error = refused()
    assert error.key == "options.proposed.commands[1].areas"
    assert error.got == "areas of Harbour Police and Town Police"
    assert "across_forces = true" in error.hint


def test_everything_wrong_is_told_at_once_but_no_more_than_twenty(edit, refused):
    edit("case.toml", 'attribution = "range"', 'attribution = "no"')
    edit("case.toml", '"T03",\n', '"Eastfeld",\n')
    edit("claims.toml", 'option = "proposed"', 'option = "porposed"')
    edit("data/crimes.csv", "T01,Theft,500", "T01,Theft,many")
    error = refused()
    assert isinstance(error, CaseErrors)
    text = str(error)
    for part in ("attribution", "Eastfeld", "porposed", "many"):
        assert part in text
    many = "\n".join(f'[assumptions."finance.unknown.{n}"]\n{PAY.split(chr(10), 1)[1]}{YEAR}price_base = "2017-18"\n'
                     for n in range(30))
    edit("case.toml", HEAD, many + HEAD)
    error = refused()
    assert len(error.problems) > 30
    assert str(error).count("  found:") == 20
    assert f"and {len(error.problems) - 20} more" in str(error)
