"""In which words does a new case stand?  Templates of case.toml and claims.toml, with a note at each key to fill in."""

from __future__ import annotations

from string import Template

SITE = Template("""[[sites]]
name = $name
area = $area
$place
role = "$role"
""")
CLAIMS = Template("""# Who said what, and what would show it.  Supporters and opponents by the same rules.
# rule: worse | better | same (the change against today) | at least | at most (the value against threshold)
#       | ratio at least (the value over today's) | untestable (then holder says who has the figure)

[[claims]]
id = "first"
who = "TODO: who said it"
when = $day
quote = "TODO: the words"
side = "against"
url = ""
measure = "locality.distance_to_headquarters"
option = "proposed"
subject = $area
rule = "worse"
why = "TODO: how you read the words"
""")
CASE = Template('''# The appraisal of a police merger: $names.  A case is data: nothing here is code.
# A number marked as a guess is a placeholder: replace it, and write kind = "data" with its source once you have one.
# `bailiwick check` lists what is missing; docs/reference/case-file.md explains each key.

schema = "bailiwick/case/1"
name = "$name"
title = $title
question = $question
as_of = $day                 # nothing published later is used
draws = 200
effective = $effective             # TODO: the day it would start
horizon_years = 10
rulebook = "$rulebook"
verdict_rules = "$rules"
claims = "claims.toml"

[roles]                            # blank until a person signs
commissioner = ""
analyst = ""
assurer = ""                       # never the analyst
approver = ""

[areas]
system = "$system"
scope = [                          # TODO: the areas that every option divides up
$scope
]
crossings = $crossings                  # true where a bridge, tunnel or ferry may join a command

[tables]                           # a file of this folder, or one of the catalogue
$tables

# Buildings: `at` is the code of a point (ward); or give easting and northing in metres.

$sites
# How a command works.

[[models]]
name = "alone"
title = "Commands as they are, a radio channel for each area"
posts = "today"
channels = "per-area"
dispatch = "own-first"
strength = "response.cars_on_duty.today"
desks = "response.desks_per_channel.alone"
supervisors = "response.inspectors_per_channel"
carries_investigations = false
bases = [$bases]
posting = "by-area"

[[models]]
name = "alone-cut"
title = "The same, with posts cut until the proposal's yearly cost is reached"
posts = "cuts"
channels = "per-area"
dispatch = "own-first"
strength = "response.cars_on_duty.today"
desks = "response.desks_per_channel.alone"
supervisors = "response.inspectors_per_channel"
carries_investigations = false
bases = [$bases]
posting = "by-area"

[[models]]
name = "together"
title = "One command, one pooled radio channel"
posts = "proposed"
channels = "per-command"
dispatch = "pooled"
strength = "response.cars_on_duty.proposed"
desks = "response.desks_per_channel.pooled"
supervisors = "response.inspectors_per_channel"
carries_investigations = false
bases = [$bases]
posting = "to-demand"

# The options: today, cuts (the same yearly budget as proposed, nobody merged) and proposed are required.

[[options]]
name = "today"
kind = "today"
title = "As it is"
commands = [
$today
]

[[options]]
name = "cuts"
kind = "cuts"
title = "As it is, cut to the proposal's yearly budget"
commands = [
$cuts
]

[[options]]
name = "proposed"
kind = "proposed"
title = $merged
commands = [
$together
]

# Posts.  `per` says what the counts are per; proposed_as = "change" gives the difference from today.
# needs_merger: the share of the line's reduction that cannot happen without merging.

$posts
# What must be true before the scheme may go on.  The latest evidence by the day of the appraisal sets the state.

[[gates]]
name = "Expected saving of this merger published"
owner = "TODO: who answers for it"
requires = "A yearly saving, with how it was worked out"

# Assumptions of this case; all others come from the catalogue and can be overridden here by name.

[assumptions."response.cars_on_duty.today"]
title = "Response cars on duty in an area, average over the week, today"
value = 9
low = 4
high = 14
unit = "cars"
kind = "guess"
published = $day
holder = "TODO: who knows"
why = "How long a caller waits depends first on how many cars are free"

[assumptions."response.cars_on_duty.proposed"]
title = "Response cars on duty per area under the merger"
value = 9
low = 4
high = 14
unit = "cars"
kind = "guess"
published = $day
holder = "TODO: who knows"
why = "How long a caller waits depends first on how many cars are free"

[assumptions."response.desks_per_channel.alone"]
title = "Dispatchers at work at once on an area's radio channel"
value = 1
low = 1
high = 2
shape = "choice"
unit = "desks"
kind = "guess"
control = "lever"
published = $day
holder = "TODO: who knows"
why = "A channel whose dispatcher is busy keeps callers waiting however many cars are free"

[assumptions."response.desks_per_channel.pooled"]
title = "Dispatchers at work at once on the pooled radio channel"
value = 1
low = 1
high = 4
shape = "choice"
unit = "desks"
kind = "guess"
control = "lever"
published = $day
holder = "TODO: who knows"
why = "A channel whose dispatcher is busy keeps callers waiting however many cars are free"

[assumptions."response.inspectors_per_channel"]
title = "Response inspectors on duty at once for each radio channel"
value = 1
low = 1
high = 2
shape = "choice"
unit = "inspectors"
kind = "guess"
control = "lever"
published = $day
holder = "TODO: who knows"
why = "One inspector cannot be at two incidents"
''')
