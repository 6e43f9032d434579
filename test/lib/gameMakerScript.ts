import { type GmlArgument } from './gmlSource.ts'

/** Lines of demos/gamemaker/client that write one message, or read one. */
export interface GmlPart {
  readonly file: string
  readonly lines: readonly string[]
}

/** What happens on the wire of one player. */
export interface ScriptStep {
  readonly who: string
  readonly does: 'sends' | 'hears'
  /** The lines that make the bytes, or take them. */
  readonly gml: GmlPart
  /** The values that the lines write or read, with the message's id first. */
  readonly values: readonly GmlArgument[]
  /** Header and payload, by hand from docs/protocol.md. */
  readonly hex: string
}

const intoMessage = 'buffer_seek(message, buffer_seek_start, 0);'

const join: GmlPart = {
  file: 'Step_0.gml',
  lines: [
    intoMessage,
    'buffer_write(message, buffer_u8, MSG_JOIN);',
    'buffer_write(message, buffer_string, NET_NAME);',
    'send_message();',
  ],
}
const move: GmlPart = {
  file: 'Step_0.gml',
  lines: [
    intoMessage,
    'buffer_write(message, buffer_u8, MSG_MOVE);',
    'buffer_write(message, buffer_s16, x);',
    'buffer_write(message, buffer_s16, y);',
    'send_message();',
  ],
}
const chat: GmlPart = {
  file: 'Step_0.gml',
  lines: [
    intoMessage,
    'buffer_write(message, buffer_u8, MSG_CHAT);',
    'buffer_write(message, buffer_string, keyboard_string);',
    'send_message();',
  ],
}
const kick: GmlPart = {
  file: 'Step_0.gml',
  lines: [
    intoMessage,
    'buffer_write(message, buffer_u8, MSG_KICK);',
    'buffer_write(message, buffer_u16, newest);',
    'send_message();',
  ],
}
const leave: GmlPart = {
  file: 'CleanUp_0.gml',
  lines: [intoMessage, 'buffer_write(message, buffer_u8, MSG_LEAVE);', 'send_message();'],
}

/** How every message begins. */
export const head: GmlPart = {
  file: 'Other_68.gml',
  lines: [
    'var _id = buffer_read(_buffer, buffer_u8);',
    'var _player = buffer_read(_buffer, buffer_u16);',
  ],
}
const you: GmlPart = { file: 'Other_68.gml', lines: ['case MSG_YOU:', 'me = _player;'] }
const player: GmlPart = {
  file: 'Other_68.gml',
  lines: [
    'case MSG_PLAYER:',
    'var _name = buffer_read(_buffer, buffer_string);',
    'var _player_x = buffer_read(_buffer, buffer_s16);',
    'var _player_y = buffer_read(_buffer, buffer_s16);',
  ],
}
const said: GmlPart = {
  file: 'Other_68.gml',
  lines: ['case MSG_SAID:', 'var _text = buffer_read(_buffer, buffer_string);'],
}
const moved: GmlPart = {
  file: 'Other_68.gml',
  lines: [
    'case MSG_MOVED:',
    'var _moved_x = buffer_read(_buffer, buffer_s16);',
    'var _moved_y = buffer_read(_buffer, buffer_s16);',
  ],
}
const gone: GmlPart = {
  file: 'Other_68.gml',
  lines: ['case MSG_GONE:', 'ds_map_delete(players, _player);'],
}

const prove: GmlPart = {
  file: 'Other_68.gml',
  lines: ['case MSG_PROVE:', 'var _number = buffer_read(_buffer, buffer_u8);'],
}
const proof: GmlPart = {
  file: 'Other_68.gml',
  lines: [
    intoMessage,
    'buffer_write(message, buffer_u8, MSG_PROOF);',
    'buffer_write(message, buffer_u16, _player);',
    'buffer_write(message, buffer_u8, _number);',
    'send_message();',
  ],
}

function sends(who: string, gml: GmlPart, values: readonly GmlArgument[], hex: string): ScriptStep {
  return { who, does: 'sends', gml, values, hex: hex.replaceAll(' ', '') }
}

function hears(who: string, gml: GmlPart, values: readonly GmlArgument[], hex: string): ScriptStep {
  return { who, does: 'hears', gml, values, hex: hex.replaceAll(' ', '') }
}

// The bytes: DEADC0DE, 12, the size of the payload; then the message.

/** The first game joins. */
export const annJoins: readonly ScriptStep[] = [
  sends('Ann', join, [1, 'Ann'], 'dec0adde 0c000000 05000000  01 416e6e00'),
  hears('Ann', you, [11, 1], 'dec0adde 0c000000 03000000  0b 0100'),
]

/** It sees itself, moves, and hears its own words. */
export const annPlays: readonly ScriptStep[] = [
  hears(
    'Ann',
    player,
    [12, 1, 'Ann', 0, 0],
    'dec0adde 0c000000 0b000000  0c 0100 416e6e00 00000000',
  ),
  sends('Ann', move, [3, 300, -20], 'dec0adde 0c000000 05000000  03 2c01 ecff'),
  sends('Ann', chat, [2, 'ok'], 'dec0adde 0c000000 04000000  02 6f6b00'),
  hears('Ann', said, [13, 1, 'ok'], 'dec0adde 0c000000 06000000  0d 0100 6f6b00'),
]

/** The second game joins. */
export const bobJoins: readonly ScriptStep[] = [
  sends('Bob', join, [1, 'Bob'], 'dec0adde 0c000000 05000000  01 426f6200'),
  hears('Bob', you, [11, 2], 'dec0adde 0c000000 03000000  0b 0200'),
  hears(
    'Bob',
    player,
    [12, 1, 'Ann', 300, -20],
    'dec0adde 0c000000 0b000000  0c 0100 416e6e00 2c01ecff',
  ),
  hears(
    'Bob',
    player,
    [12, 2, 'Bob', 0, 0],
    'dec0adde 0c000000 0b000000  0c 0200 426f6200 00000000',
  ),
  hears(
    'Ann',
    player,
    [12, 2, 'Bob', 0, 0],
    'dec0adde 0c000000 0b000000  0c 0200 426f6200 00000000',
  ),
]

/** They talk and move. Who moves hears nothing of it, and who is not the host kicks nobody. */
export const bothPlay: readonly ScriptStep[] = [
  sends('Ann', chat, [2, 'hé, Bob'], 'dec0adde 0c000000 0a000000  02 68c3a92c20426f6200'),
  hears('Ann', said, [13, 1, 'hé, Bob'], 'dec0adde 0c000000 0c000000  0d 0100 68c3a92c20426f6200'),
  hears('Bob', said, [13, 1, 'hé, Bob'], 'dec0adde 0c000000 0c000000  0d 0100 68c3a92c20426f6200'),
  sends('Bob', move, [3, -32768, 32767], 'dec0adde 0c000000 05000000  03 0080 ff7f'),
  hears('Ann', moved, [14, 2, -32768, 32767], 'dec0adde 0c000000 07000000  0e 0200 0080 ff7f'),
  sends('Bob', kick, [4, 1], 'dec0adde 0c000000 03000000  04 0100'),
  sends('Bob', chat, [2, 'hi'], 'dec0adde 0c000000 04000000  02 686900'),
  hears('Ann', said, [13, 2, 'hi'], 'dec0adde 0c000000 06000000  0d 0200 686900'),
  hears('Bob', said, [13, 2, 'hi'], 'dec0adde 0c000000 06000000  0d 0200 686900'),
]

/** All of this. */
export const play: readonly ScriptStep[] = [...annJoins, ...annPlays, ...bobJoins, ...bothPlay]

/** The host kicks the other. */
export const annKicks: readonly ScriptStep[] = [
  sends('Ann', kick, [4, 2], 'dec0adde 0c000000 03000000  04 0200'),
]

/** Bob says that he leaves, as games do over UDP. */
export const bobLeaves: readonly ScriptStep[] = [
  sends('Bob', leave, [5], 'dec0adde 0c000000 01000000  05'),
]

/** Bob is told that he is out. */
export const bobHearsGone: readonly ScriptStep[] = [
  hears('Bob', gone, [15, 2], 'dec0adde 0c000000 03000000  0f 0200'),
]

/** Ann is told that Bob is gone, however that came. */
export const annHearsGone: readonly ScriptStep[] = [
  hears('Ann', gone, [15, 2], 'dec0adde 0c000000 03000000  0f 0200'),
]

/** Who is left goes on. */
export const annTalks: readonly ScriptStep[] = [
  sends('Ann', chat, [2, 'alone'], 'dec0adde 0c000000 07000000  02 616c6f6e6500'),
  hears('Ann', said, [13, 1, 'alone'], 'dec0adde 0c000000 09000000  0d 0100 616c6f6e6500'),
]

/** What Bob hears of it, if he is there. */
export const bobHearsAnn: readonly ScriptStep[] = [
  hears('Bob', said, [13, 1, 'alone'], 'dec0adde 0c000000 09000000  0d 0100 616c6f6e6500'),
]

/** The server ends. */
export const serverEnds: readonly ScriptStep[] = [
  hears('Ann', gone, [15, 0], 'dec0adde 0c000000 03000000  0f 0000'),
]

/** Over UDP the server asks for a number first, and then Ann joins again. `GameWire` plays it. */
const annProves: readonly ScriptStep[] = [
  hears('Ann', prove, [16, 0x0201, 3], 'dec0adde 0c000000 04000000  10 0102 03'),
  sends('Ann', proof, [6, 0x0201, 3], 'dec0adde 0c000000 04000000  06 0102 03'),
]

/** All that players send and hear. */
export const wholeScript: readonly ScriptStep[] = [
  ...play,
  ...annKicks,
  ...bobLeaves,
  ...bobHearsGone,
  ...annHearsGone,
  ...annTalks,
  ...bobHearsAnn,
  ...serverEnds,
  ...annProves,
]
