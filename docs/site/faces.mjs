// The faces of the package, and the pages that the reference has of each.

/** Where the gml face has no constants. */
const functions = /gml\/(?!constants)/

/**
 * An export stands on the page of the first group whose `source` matches where it is declared, and whose `names` matches
 * what it is called. `tables`: constants in one table. A face with one group has one page.
 *
 * @type {{ id: string, name: string, file: string, summary: string, groups: { title: string, names?: RegExp, source?: RegExp, tables?: boolean }[] }[]}
 */
export const faces = [
  {
    id: 'main',
    name: 'bitecs-networking',
    file: 'src/index.ts',
    summary:
      'Servers and sockets as entities of a bitECS world, the Networking event, and buffers.',
    groups: [
      { title: 'Components and tags', names: /^(Socket|NetworkEvent|AsyncNetworking)(Store)?$/ },
      { title: 'Components and tags', source: /^components\/(stateTags|AcceptedBy)/ },
      { title: 'Systems', source: /^systems\// },
      {
        title: 'Servers and sockets',
        source: /^src\/api\/(close|create|connect|destroy|resolve)/,
      },
      { title: 'Servers and sockets', names: /^(Transport|Server|Connect)(Choice|Options)$/ },
      { title: 'The event', names: /^NetworkingOptions$/ },
      { title: 'The event', source: /^src\/api\/on|^src\/event\/|^components\/Async/ },
      { title: 'Sending', names: /^RawOptions$/ },
      {
        title: 'Sending',
        source: /^src\/(api\/(broadcast|flush|send)|protocol\/messageToSend|network\/sendMessage)/,
      },
      { title: 'Settings', source: /^src\/(api\/set|config\/)|protocol\/ByteStream/ },
      { title: 'Buffers', source: /^src\/buffer\// },
      { title: 'What a buffer holds: digests, base64, zlib, files', source: /^src\/content\// },
      { title: 'Ticks and time', source: /^src\/clock\// },
      { title: 'Constants and errors', source: /^src\/(constants|errors)\// },
      { title: 'Transports', source: /^src\/transport\// },
    ],
  },
  {
    id: 'gml',
    name: 'bitecs-networking/gml',
    file: 'src/gml.ts',
    summary: 'GameMaker’s functions and constants under their own names, with numbers as handles.',
    groups: [
      { title: 'Running GameMaker code: gml_', names: /^(gml_|Gml(Number|Profile|Settings)$)/ },
      { title: 'The event: async_load', names: /^(async_load|event_|AsyncHandler)/ },
      { title: 'Sockets: network_', names: /^(network_|os_)/, source: functions },
      { title: 'Sockets: constants', names: /^(network_|noone$)/, tables: true },
      { title: 'Buffers: buffer_', names: /^(buffer_|GmlRead$)/, source: functions },
      { title: 'Buffers: constants', names: /^buffer_/, tables: true },
      { title: 'Maps: ds_map_', names: /^ds_map_/ },
      { title: 'Lists: ds_list_', names: /^ds_list_/ },
      { title: 'Structures as text: json_', names: /^(json_|JsonFilter|ds_exists|GmlValue)/ },
      { title: 'Strings: bytes, digests, base64', names: /^(string|md5|sha1|base64)_/ },
      { title: 'Events and structures: constants', names: /^(ev_|ds_type_)/, tables: true },
    ],
  },
  {
    id: 'replication',
    name: 'bitecs-networking/replication',
    file: 'src/replication.ts',
    summary: 'State of a server’s world in the worlds of its clients.',
    groups: [{ title: 'Replication' }],
  },
  {
    id: 'simulation',
    name: 'bitecs-networking/simulation',
    file: 'src/simulation.ts',
    summary:
      'A network in memory, lines as bad as you like, whole games, and the search for what breaks them.',
    groups: [
      { title: 'A network in memory', source: /MemoryNetwork|createRandom|LinkConditions|jitter/ },
      {
        title: 'Bad lines for real sockets',
        source: /ConditionedTransport|withConditions|presets/,
      },
      { title: 'Whole games' },
    ],
  },
  {
    id: 'recording',
    name: 'bitecs-networking/recording',
    file: 'src/recording.ts',
    summary: 'What the network did to a world, written down and played again.',
    groups: [{ title: 'Recording and replaying' }],
  },
  {
    id: 'traffic',
    name: 'bitecs-networking/traffic',
    file: 'src/traffic.ts',
    summary: 'Observers of what a world receives and sends.',
    groups: [{ title: 'Observing' }],
  },
  {
    id: 'testing',
    name: 'bitecs-networking/testing',
    file: 'src/testing.ts',
    summary: 'A suite that any transport can run, without a test runner.',
    groups: [{ title: 'The transport suite' }],
  },
]
