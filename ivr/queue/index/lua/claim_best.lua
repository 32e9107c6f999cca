-- KEYS: built, claims, filled, cells tier by tier. ARGV: mark, now, seconds a claim holds, ceiling, passed over by
-- commas, the number of cells of each tier. Gives nothing where the index is not of this mark; else the agent, who
-- is claimed, or an empty name and when the index was filled. Where everybody is claimed it gives one of them, for
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
