-- Takes from all token buckets and counts a request at all gates, or does neither.
--
-- A bucket is the time at which it is full again: so much is missing now. A gate is a hash that holds,
-- for each host, how many requests it has there, and until when that counts unless it says so again.
-- Times are microseconds since 2026, by the clock of this server, which all hosts share.
--
-- KEYS: the buckets, then the gates
-- ARGV: the host; the lease of what it says of gates; how many buckets there are; for each bucket, what
--   is taken, how much it holds and the longest debt; for each gate, how many requests may be there
-- Answers with 1 or 0, what was missing from each bucket before, and how many were at each gate.
local ROUNDING = 0.05
local time = redis.call('TIME')
local now = (tonumber(time[1]) - 1767225600) * 1000000 + tonumber(time[2])
local host, lease, buckets = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local answer, after, held = {1}, {}, {}

for i = 1, buckets do
  local at = 3 * i
  local cost, size, most = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local full = tonumber(redis.call('GET', KEYS[i]) or '0')
  local missing = math.min(math.max(full - now, 0), most)
  after[i] = missing + cost
  answer[i + 1] = math.ceil(missing)
  if after[i] > size + ROUNDING then
    answer[1] = 0
  end
end

for i = buckets + 1, #KEYS do
  local requests = 0
  local said = redis.call('HGETALL', KEYS[i])
  held[i] = 0
  for j = 1, #said, 2 do
    local count, expires = string.match(said[j + 1], '^(%d+) (%d+)$')
    if not count or tonumber(expires) < now then
      redis.call('HDEL', KEYS[i], said[j])
    else
      requests = requests + tonumber(count)
      if said[j] == host then
        held[i] = tonumber(count)
      end
    end
  end
  answer[i + 1] = requests
  if requests >= tonumber(ARGV[3 + 2 * buckets + i]) then
    answer[1] = 0
  end
end

if answer[1] == 1 then
  for i = 1, buckets do
    redis.call('SET', KEYS[i], string.format('%.3f', now + after[i]), 'PX',
      string.format('%.0f', math.ceil(after[i] / 1000) + 1))
  end
  for i = buckets + 1, #KEYS do
    redis.call('HSET', KEYS[i], host, string.format('%.0f %.0f', held[i] + 1, now + lease))
    redis.call('PEXPIRE', KEYS[i], string.format('%.0f', lease / 1000))
  end
end
return answer
