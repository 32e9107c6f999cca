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
"""Of which revision and day the indexes are, and when they were filled: see :mod:`ivr.waiting.rebuilding`."""

PLACES = "sunline:waiting:places"
"""Every waiting call by its place."""

LINES = "sunline:waiting:line:"
"""Searching calls that are alike by their places; what follows is how they are alike."""

LINE_OF = "sunline:waiting:line-of"
"""The line of each call."""

ALIKE = "sunline:waiting:lines:"
"""The lines in which somebody may stand who needs a skill; what follows is the skill."""

CELLS = "sunline:agents:idle:"
"""Idle agents of one cell by their scores, see :mod:`routing.filing`."""

VERSIONS = "sunline:agents:versions"
"""The version of each agent's row that is filed, so that news which comes late changes nothing."""

CLAIMS = "sunline:agents:claims"
"""Agents somebody is about to offer a call to, and since when."""


class Script:
    """A script that Redis is sent once and then called by its digest."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._digest = sha1(text.encode(), usedforsecurity=False).hexdigest()

    def __call__(self, redis: Redis, keys: Sequence[str], *arguments: Any) -> Any:
        """Run it; what it returns."""
        try:
            return redis.evalsha(self._digest, len(keys), *keys, *arguments)
        except NoScriptError:
            return redis.eval(self._text, len(keys), *keys, *arguments)


nominate = Script("""
-- KEYS: built, claims, cells tier by tier. ARGV: mark, now, seconds a claim holds, ceiling, passed over by commas,
-- the number of cells of each tier. Gives nothing where the indexes are not of this mark; else the agent, who is
-- claimed, or an empty name and when the indexes were filled.
local built = redis.call('HMGET', KEYS[1], 'mark', 'at')
if built[1] ~= ARGV[1] then return false end
local now, holds, ceiling, passed = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local function free(name)
  if passed ~= '' and string.find(passed, ',' .. name .. ',', 1, true) then return false end
  local since = redis.call('ZSCORE', KEYS[2], name)
  local held = since and now - tonumber(since)
  return not held or held < 0 or held >= holds
end
local function head(cell)
  local from, page = 0, 0
  while true do
    local found = redis.call('ZRANGE', cell, from, from + page, 'WITHSCORES')
    for one = 1, #found, 2 do
      if tonumber(found[one + 1]) >= ceiling then return nil end
      if free(found[one]) then return found[one], tonumber(found[one + 1]) end
    end
    if #found < 2 * (page + 1) then return nil end
    from, page = from + page + 1, 15
  end
end
local key = 2
for tier = 6, #ARGV do
  local best, least
  for _ = 1, tonumber(ARGV[tier]) do
    key = key + 1
    local name, score = head(KEYS[key])
    if name and (not best or score < least or (score == least and name < best)) then best, least = name, score end
  end
  if best then
    redis.call('ZADD', KEYS[2], ARGV[2], best)
    return {best}
  end
end
return {'', built[2]}
""")

settle = Script("""
-- KEYS: built, versions, claims, the agent's cells. ARGV: mark, agent, version, and the scores in the cells of an idle
-- agent, none for one who is not. Of indexes that are not of this mark nothing is changed: they will be filled anew.
redis.call('ZREM', KEYS[3], ARGV[2])
if redis.call('HGET', KEYS[1], 'mark') ~= ARGV[1] then return 0 end
local known = redis.call('HGET', KEYS[2], ARGV[2])
if known and tonumber(known) > tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
for cell = 4, #KEYS do
  if ARGV[cell] then
    redis.call('ZADD', KEYS[cell], ARGV[cell], ARGV[2])
  else
    redis.call('ZREM', KEYS[cell], ARGV[2])
  end
end
return 1
""")

put = Script("""
-- KEYS: places, line-of. ARGV: call, place, where lines begin, line, the lines of its skill, 1 while searching.
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
local before = redis.call('HGET', KEYS[2], ARGV[1])
if before and before ~= ARGV[4] then redis.call('ZREM', ARGV[3] .. before, ARGV[1]) end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[4])
if ARGV[6] == '1' then
  redis.call('ZADD', ARGV[3] .. ARGV[4], ARGV[2], ARGV[1])
  redis.call('SADD', ARGV[5], ARGV[4])
else
  redis.call('ZREM', ARGV[3] .. ARGV[4], ARGV[1])
end
""")

drop = Script("""
-- KEYS: places, line-of. ARGV: call, where lines begin.
redis.call('ZREM', KEYS[1], ARGV[1])
local line = redis.call('HGET', KEYS[2], ARGV[1])
if line then
  redis.call('ZREM', ARGV[2] .. line, ARGV[1])
  redis.call('HDEL', KEYS[2], ARGV[1])
end
""")

heads = Script("""
-- KEYS: built, the lines of each skill. ARGV: mark, where lines begin. Gives nothing where the indexes are not of this
-- mark; else line, place and call of whoever stands first in each.
if redis.call('HGET', KEYS[1], 'mark') ~= ARGV[1] then return false end
local found = {}
for key = 2, #KEYS do
  for _, line in ipairs(redis.call('SMEMBERS', KEYS[key])) do
    local first = redis.call('ZRANGE', ARGV[2] .. line, 0, 0, 'WITHSCORES')
    if first[1] then
      found[#found + 1], found[#found + 2], found[#found + 3] = line, first[2], first[1]
    else
      redis.call('SREM', KEYS[key], line)
    end
  end
end
return found
""")

position = Script("""
-- KEYS: built, places. ARGV: call. Gives nothing where the indexes are empty; else the call's place from 0, or -1.
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
return redis.call('ZRANK', KEYS[2], ARGV[1]) or -1
""")
