import { type EndState, type Part } from './GamePrograms.ts'

export type GameName = 'lobby' | 'position_sync' | 'chat' | 'kick_server' | 'udp_ping'

/** How a server and its two clients are played. */
export interface Game {
  readonly server: Part
  readonly ann: Part
  readonly bob: Part
}

const motd = 'server: be nice — ¡y diviértete! 🎮'

const lobbyClient: EndState = {
  state: 'results',
  'connection >= 0': true,
  lobby_title: 'Friday night',
  'listed(names)': ['ann', 'bob'],
  'gml.ds_map_size(roster)': 2,
  map_name: 'harbour',
  map_ok: true,
  hits_sent: 3,
  times_hit: 3,
  my_points: 30,
  'Object.values(mapped(points_of))': [30, 30],
  'mapped(roster)[my_id].name === my_name': true,
  winner_name: 'bob',
  board: ['0030|bob', '0030|ann'],
}

const syncClient: EndState = {
  state: 'finished',
  moves_sent: 5,
  acked_seq: 5,
  corrections: 1,
  others_seen: 5,
  late_ticks: 0,
  'my_x - spawn_x': 56,
  my_y: -35,
  my_angle: 112.5,
  level_name: 'meadow',
  'gml.ds_map_size(pos)': 2,
  'listed(tags)': ['ann', 'bob'],
  'mapped(final_pos)[my_id].x === my_x': true,
  'Object.values(mapped(final_pos)).sort((a, b) => a.x - b.x)': [
    { x: 156, y: -35, angle: 112.5 },
    { x: 356, y: -35, angle: 112.5 },
  ],
}

const chatClient = (other: string): EndState => ({
  state: 'left',
  socket: -1,
  motd,
  said: 3,
  lines_seen: 6,
  old_lines: 1,
  'gml.ds_list_size(chat_log)': 7,
  'gml.ds_list_find_value(chat_log, 0)': motd,
  'Object.values(mapped(lines_by))': [3, 3],
  whisper_text: `psst, this is ${other} ♥`,
  'whisper_from !== my_id': true,
  final_users: ['ann_afk', 'bob_afk'],
  found_ok: true,
  max_users: 2,
})

const pingClient: EndState = {
  state: 'done',
  sent: 10,
  got: 8,
  lost: 2,
  stamps_ok: 8,
  'gml.ds_map_find_value(links, socket).pongs': 8,
  'gml.ds_list_size(rtt_list)': 8,
  'listed(rtt_list).every((rtt, at, all) => at === 0 || rtt >= all[at - 1])': true,
  'rtt_median >= 0 && rtt_median < 1000': true,
  'rtt_of.map((rtt) => rtt >= 0)': [true, true, true, true, false, true, true, true, true, false],
  'rtt_of[4]': -1,
  'rtt_of[9]': -1,
  'waiting.includes(true)': false,
  summary: { names: ['ann', 'bob'], lost: 4 },
}

/** The ends that the heads of the GML files promise. */
export const games: Readonly<Record<GameName, Game>> = {
  lobby: {
    server: {
      over: "state === 'results'",
      state: {
        state: 'results',
        matches_started: 1,
        matches_finished: 1,
        'gml.ds_list_size(seats)': 2,
        hits_total: 6,
        bad_seeds: 0,
        match_seed: '20240614n',
        winner_name: 'bob',
        'Object.values(mapped(players)).sort((a, b) => (a.name < b.name ? -1 : 1))': [
          { name: 'ann', ready: true, loaded: true, points: 30 },
          { name: 'bob', ready: true, loaded: true, points: 30 },
        ],
      },
    },
    ann: { over: "state === 'results'", state: lobbyClient },
    bob: { over: "state === 'results'", state: lobbyClient },
  },
  position_sync: {
    server: {
      over: "state === 'finished'",
      state: {
        state: 'finished',
        moves_total: 10,
        corrections: 2,
        echoes_total: 20,
        snapshots_sent: 1,
        'listed(order).length === 2 && listed(order)[0] < listed(order)[1]': true,
        'Object.values(mapped(players)).map(({ x, y, angle, seq }) => [x, y, angle, seq]).sort()': [
          [156, -35, 112.5, 5],
          [356, -35, 112.5, 5],
        ],
      },
    },
    ann: { over: "state === 'finished'", state: syncClient },
    bob: { over: "state === 'finished'", state: syncClient },
  },
  chat: {
    server: {
      over: 'left_total === 2',
      state: {
        joined_total: 2,
        left_total: 2,
        'mapped(users)': {},
        lines_total: 6,
        whispers_total: 2,
        nicks_total: 2,
        lookups_total: 2,
        'gml.ds_list_size(history)': 7,
        'gml.ds_list_find_value(history, 0)': motd,
        "listed(history).filter((line) => line.startsWith('ann'))": saidBy('ann'),
        "listed(history).filter((line) => line.startsWith('bob'))": saidBy('bob'),
        peak_users: 2,
        bad_packets: 0,
      },
    },
    ann: { over: "state === 'left'", state: chatClient('bob') },
    bob: { over: "state === 'left'", state: chatClient('ann') },
  },
  kick_server: {
    server: {
      over: 'denied_total === 1 && gml.ds_map_size(clients) === 1',
      state: {
        state: 'open',
        connects_total: 4,
        joined_total: 3,
        kicked_total: 2,
        denied_total: 1,
        lies: 1,
        oversize: 1,
        floods: 1,
        'gml.ds_list_size(bans)': 2,
        'gml.ds_list_size(kick_queue)': 0,
        'Object.values(mapped(clients)).map(({ name, points, strikes }) => [name, points, strikes])':
          [['ann', 60, 0]],
        'listed(kick_log)': ['bob: cheating', 'bob: flood'],
      },
    },
    ann: {
      over: "state === 'done' && gml.ds_list_size(seen_kicks) === 2",
      state: {
        state: 'done',
        accepted: 6,
        my_points: 60,
        warnings: 0,
        kicks_seen: 0,
        connects: 1,
        'listed(seen_kicks)': ['bob: cheating', 'bob: flood'],
      },
    },
    bob: {
      over: "state === 'banned'",
      state: {
        state: 'banned',
        accepted: 1,
        warnings: 1,
        kicks_seen: 2,
        denied: 1,
        connects: 3,
        for_good: 1,
        'listed(kick_reasons)': ['cheating', 'flood'],
        last_reason: 'banned',
        socket: -1,
      },
    },
  },
  udp_ping: {
    server: {
      over: 'reports === 2',
      state: {
        'gml.ds_map_size(peers)': 2,
        pings_seen: 20,
        pings_dropped: 4,
        bad_stamps: 0,
        reports: 2,
        lost_total: 4,
        got_total: 16,
        strangers: 0,
        'listed(peer_names)': ['ann', 'bob'],
      },
    },
    ann: { over: "state === 'done'", state: pingClient },
    bob: { over: "state === 'done'", state: pingClient },
  },
}

function saidBy(name: string): string[] {
  return [
    `hello, I am ${name}`,
    'naïve façade — 日本語 🎲',
    `{"not": "json", \\ and 'quotes' "stay"}`,
  ].map((line) => `${name}: ${line}`)
}
