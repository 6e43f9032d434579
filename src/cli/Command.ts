import { SocketType } from '../index.ts'
import { type LinkConditions } from '../simulation.ts'

export type TypeName = 'tcp' | 'udp' | 'ws' | 'wss'

/** The socket types of the command line. */
export const typeNames: Readonly<Record<TypeName, SocketType>> = {
  tcp: SocketType.tcp,
  udp: SocketType.udp,
  ws: SocketType.ws,
  wss: SocketType.wss,
}

/** Commands that talk with sockets until something ends them. */
export type SessionName = 'listen' | 'connect'

export type CommandName = SessionName | 'simulate' | 'replay' | 'inspect'

/** How a typed line becomes bytes. */
export interface LineFormat {
  readonly raw: boolean
  /** Packet mode: no NUL behind the line. Raw WebSocket: a text message. */
  readonly text: boolean
  /** Lines are bytes in hex. */
  readonly hexInput: boolean
  /** What raw mode adds to a line. */
  readonly lineEnd: '' | '\n' | '\r\n'
}

/** How things are printed. */
export interface PrintFormat {
  /** Payloads as a hex dump, also when they are text. */
  readonly hex: boolean
  /** One JSON object a line, for programs. */
  readonly json: boolean
}

/** What the commands that talk share. */
export interface SessionSettings extends LineFormat, PrintFormat {
  readonly type: TypeName
  /** What its line is like; `undefined` for as it is. */
  readonly conditions: Partial<LinkConditions> | undefined
  /** Ends by itself after this time. */
  readonly seconds: number | undefined
  /** Ends after as many data events. */
  readonly count: number | undefined
}

export interface ListenCommand extends SessionSettings {
  readonly name: 'listen'
  readonly port: number
  readonly host: string | undefined
  readonly maxClients: number | undefined
  readonly path: string | undefined
  readonly origins: readonly string[] | undefined
  /** Files in PEM. */
  readonly cert: string | undefined
  readonly key: string | undefined
  /** Sends each message back to who has sent it. */
  readonly echo: boolean
}

export interface ConnectCommand extends SessionSettings {
  readonly name: 'connect'
  /** IPv6 without brackets. */
  readonly host: string
  /** 0, for WebSocket only: the usual one. */
  readonly port: number
  /** WebSocket: path and query; otherwise empty. */
  readonly path: string
  readonly timeoutMs: number | undefined
  /** How much silence ends the program when its input has ended. */
  readonly waitMs: number
  /** A file in PEM. */
  readonly ca: string | undefined
}

export interface ReplayCommand {
  readonly name: 'replay'
  /** The recording, and the module of the game. */
  readonly file: string
  readonly game: string
  readonly json: boolean
}

export interface InspectCommand {
  readonly name: 'inspect'
  readonly file: string
  /** A page to write. */
  readonly html: string | undefined
  readonly json: boolean
}

export interface SimulateCommand {
  readonly name: 'simulate'
  /** A module whose default export is the options of `simulate`. */
  readonly file: string
  readonly seed: number | undefined
  /** Searches as many seeds. */
  readonly seeds: number | undefined
  readonly ticks: number | undefined
  /** Files that the report is written to, each in the format that its name ends with. */
  readonly reports: readonly string[]
  /** A file that a run which failed has left. */
  readonly replay: string | undefined
}

/** What the command line asks for. */
export type Command =
  | ListenCommand
  | ConnectCommand
  | SimulateCommand
  | ReplayCommand
  | InspectCommand
  | { readonly name: 'version' }
  | { readonly name: 'help'; readonly topic: CommandName | undefined }
