// How the reference groups what each face exports.

/** Where the gml face has no constants. */
const functions = /gml\/(?!constants)/

/**
 * The faces. An export belongs to the first group whose `files` matches where it is declared, or whose `names` matches what
 * it is called. `tables`: its constants stand in tables.
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
      { title: 'Components and tags', files: /^components\/(stateTags|AcceptedBy)/ },
      { title: 'Systems', files: /^systems\// },
      { title: 'Servers and sockets', files: /^src\/api\/(close|create|connect|destroy|resolve)/ },
      { title: 'Servers and sockets', names: /^(Transport|Server|Connect)(Choice|Options)$/ },
      { title: 'The event', names: /^NetworkingOptions$/ },
      { title: 'The event', files: /^src\/api\/on|^src\/event\/|^components\/Async/ },
      { title: 'Sending', names: /^(RawOptions|SendTarget)$/ },
      { title: 'Sending', files: /^src\/api\/(broadcast|flush|send)|protocol\/messageToSend/ },
      { title: 'Settings', files: /^src\/(api\/set|config\/)|protocol\/ByteStream/ },
      { title: 'Buffers', files: /^src\/buffer\// },
      { title: 'What a buffer holds: digests, base64, zlib, files', files: /^src\/content\// },
      { title: 'Ticks and time', files: /^src\/clock\// },
      { title: 'Constants and errors', files: /^src\/(constants|errors)\// },
      { title: 'Transports', files: /^src\/transport\// },
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
      { title: 'Sockets: network_', names: /^(network_|os_)/, files: functions },
      { title: 'Sockets: constants', names: /^(network_|noone$)/, tables: true },
      { title: 'Buffers: buffer_', names: /^(buffer_|GmlRead$)/, files: functions },
      { title: 'Buffers: constants', names: /^buffer_/, tables: true },
      { title: 'Maps: ds_map_', names: /^ds_map_/ },
      { title: 'Lists: ds_list_', names: /^ds_list_/ },
      { title: 'Structures as text: json_', names: /^(json_|JsonFilter|ds_exists|GmlValue)/ },
      { title: 'Strings: bytes, digests, base64', names: /^(string|md5|sha1|base64)_/ },
      { title: 'Events and structures: constants', names: /^(ev_|ds_type_)/, tables: true },
    ],
  },
  {
    id: 'testing',
    name: 'bitecs-networking/testing',
    file: 'src/testing.ts',
    summary: 'A suite that any transport can run, without a test runner.',
    groups: [{ title: 'The transport suite', files: /testing/ }],
  },
  {
    id: 'traffic',
    name: 'bitecs-networking/traffic',
    file: 'src/traffic.ts',
    summary: 'Observers of what a world receives and sends.',
    groups: [{ title: 'Observing', files: /Traffic|messageToSend/ }],
  },
]

/** What in its own file holds the defaults of an interface of settings. */
export const defaultsOf = { NetworkConfig: 'defaultConfig', GmlSettings: 'byDefault' }
