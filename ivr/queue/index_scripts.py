"""What Redis does in one step for the waiting room (Redis: "Scripting with Lua"): nothing comes between its commands.

Some scripts make the names of keys from what they read, which Redis allows while all keys are on one server.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha1
from typing import Any

from redis import Redis
from redis.exceptions import NoScriptError

BUILT = "sunline:waiting:built"
"""Of which revision and day the indexes are, see :mod:`ivr.queue.index_rebuilding`."""

FILLED = "sunline:waiting:filled"
"""When they were filled."""

NEWS = "sunline:waiting:news"
"""Counts whatever is told to the indexes, so that whoever fills them knows that something was told meanwhile."""

PLACES = "sunline:waiting:places"
"""Every waiting call by its place."""

LINES = "sunline:waiting:line:"
"""Searching calls that are alike by their places; what follows is how they are alike, hidden, the skill first."""

LINE_OF = "sunline:waiting:line-of"
"""The line of each call."""

FRONTS = "sunline:waiting:fronts:"
"""The lines in which somebody stands who needs a skill, by the place of the first; the skill follows, hidden."""

CELLS = "sunline:agents:idle:"
"""Idle agents of one cell by their scores, see :mod:`routing.filing`."""

VERSIONS = "sunline:agents:versions"
"""The version of each agent's row that is filed, so that news which comes late changes nothing."""

CLAIMS = "sunline:agents:claims"
"""Agents somebody is about to offer a call to, and since when; others are named first."""


class Script:
    """A script that Redis is sent once and then called by its digest."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._digest = sha1(text.encode(), usedforsecurity=False).hexdigest()

    def __call__(self, redis: Redis, keys: Sequence[str], *arguments: Any) -> Any:
        """Run it; what it returns."""
        try:
            return redis.execute_command("EVALSHA", self._digest, len(keys), *keys, *arguments)  # type: ignore[no-untyped-call]
        except NoScriptError:
            return redis.eval(self._text, len(keys), *keys, *arguments)


nominate = Script("""
-- KEYS: built, claims, filled, cells tier by tier. ARGV: mark, now, seconds a claim holds, ceiling, passed over by
-- commas, the number of cells of each tier. Gives nothing where the indexes are not of this mark; else the agent, who
-- is claimed, or an empty name and when the indexes were filled. Where everybody is claimed it gives one of them, for
-- whoever claimed them may not take them.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end
local ceiling, passed, from = tonumber(ARGV[4]), ARGV[5], 4
local function within(tier) return from, from + tonumber(ARGV[tier]) - 1 end

-- Usually nobody has a claim on the very first, and one command both asks and claims.
local first_tier = 6
if passed == '' then
  for tier = 6, #ARGV do
    local best, least
    local first, last = within(tier)
    for key = first, last do
      local found = redis.call('ZRANGE', KEYS[key], 0, 0, 'WITHSCORES')
      local score = found[1] and tonumber(found[2])
      if score and score < ceiling and (not best or score < least or (score == least and found[1] < best)) then
        best, least = found[1], score
      end
    end
    if best then
      if redis.call('ZADD', KEYS[2], 'NX', ARGV[2], best) == 1 then return best end
      first_tier = tier
      break
    end
    from = last + 1
    if tier == #ARGV then return {'', redis.call('GET', KEYS[3])} end
  end
end

local function is_passed(name) return passed ~= '' and string.find(passed, ',' .. name .. ',', 1, true) end

local function is_free(name)
  local since = redis.call('ZSCORE', KEYS[2], name)
  local held = since and tonumber(ARGV[2]) - tonumber(since)
  return not held or held < 0 or held >= tonumber(ARGV[3])
end

local claimed
local function first_free(cell)
  local at = 0
  while true do
    local found = redis.call('ZRANGE', cell, at, at + 15, 'WITHSCORES')
    for one = 1, #found, 2 do
      local score = tonumber(found[one + 1])
      if score >= ceiling then return nil end
      if not is_passed(found[one]) then
        if is_free(found[one]) then return found[one], score end
        claimed = claimed or found[one]
      end
    end
    if #found < 32 then return nil end
    at = at + 16
  end
end

for tier = first_tier, #ARGV do
  local best, least
  local first, last = within(tier)
  for key = first, last do
    local name, score = first_free(KEYS[key])
    if name and (not best or score < least or (score == least and name < best)) then best, least = name, score end
  end
  if best then
    redis.call('ZADD', KEYS[2], ARGV[2], best)
    return best
  end
  from = last + 1
end
return claimed or {'', redis.call('GET', KEYS[3])}
""")

settle = Script("""
-- KEYS: news, built, versions, claims, the cells. ARGV: mark, agent, version, and the scores in the cells of an idle
-- agent, none for one who is not. Of indexes that are not of this mark nothing is changed: they will be filled anew.
redis.call('INCR', KEYS[1])
redis.call('ZREM', KEYS[4], ARGV[2])
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
local known = redis.call('HGET', KEYS[3], ARGV[2])
if known and tonumber(known) > tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[3], ARGV[2], ARGV[3])
for cell = 5, #KEYS do
  if ARGV[cell - 1] then
    redis.call('ZADD', KEYS[cell], ARGV[cell - 1], ARGV[2])
  else
    redis.call('ZREM', KEYS[cell], ARGV[2])
  end
end
return 1
""")

_FRONT = """
local function front(lines, fronts, line)
  local first = redis.call('ZRANGE', lines .. line, 0, 0, 'WITHSCORES')
  local skill = string.match(line, '^[^/]*')
  if first[1] then
    redis.call('ZADD', fronts .. skill, first[2], line)
  else
    redis.call('ZREM', fronts .. skill, line)
  end
end
"""

put = Script(f"""
-- KEYS: news, places, line-of. ARGV: how lines and fronts begin, call, place, line, 1 while searching.
{_FRONT}
redis.call('INCR', KEYS[1])
local lines, fronts, name, line = ARGV[1], ARGV[2], ARGV[3], ARGV[5]
redis.call('ZADD', KEYS[2], ARGV[4], name)
local before = redis.call('HGET', KEYS[3], name)
if before and before ~= line then
  redis.call('ZREM', lines .. before, name)
  front(lines, fronts, before)
end
redis.call('HSET', KEYS[3], name, line)
if ARGV[6] == '1' then redis.call('ZADD', lines .. line, ARGV[4], name) else redis.call('ZREM', lines .. line, name) end
front(lines, fronts, line)
""")

drop = Script(f"""
-- KEYS: news, places, line-of. ARGV: how lines and fronts begin, call.
{_FRONT}
redis.call('INCR', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[3])
local line = redis.call('HGET', KEYS[3], ARGV[3])
if line then
  redis.call('HDEL', KEYS[3], ARGV[3])
  redis.call('ZREM', ARGV[1] .. line, ARGV[3])
  front(ARGV[1], ARGV[2], line)
end
""")

fronts = Script("""
-- KEYS: built, the fronts of each skill. ARGV: mark. Gives nothing where the indexes are not of this mark; else the
-- lines by turns with the place of whoever stands first in it.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end
local found = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
for key = 3, #KEYS do
  for _, one in ipairs(redis.call('ZRANGE', KEYS[key], 0, -1, 'WITHSCORES')) do found[#found + 1] = one end
end
return found
""")

position = Script("""
-- KEYS: built, places. ARGV: call. Gives nothing where the indexes are empty; else the call's place from 0, or -1.
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
return redis.call('ZRANK', KEYS[2], ARGV[1]) or -1
""")
