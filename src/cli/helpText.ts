import { type CommandName, type SessionName } from './Command.ts'
import { optionsOf } from './options.ts'

const exitCodes = `Exit codes:
  0  done: ended by Ctrl-C, /quit, --seconds, --count, or the end of the input; no run failed
  1  could not listen or connect, lost the connection, a run failed, a replay differs, a
     recording is damaged, or could not write the output
  2  wrong usage, or a file that cannot be read
  3  connect: the server ended the connection`

const general = `Usage: bitecs-networking <command> [arguments] [options]

Talks with GameMaker's sockets from the command line, and simulates whole games.

Commands:
  listen [type] [port]         a server: prints its events, sends the lines that are typed
  connect <type>://host:port   a client: likewise
  connect <type> <host> <port>
  simulate FILE                a server and clients in memory, on a line as bad as you like
  replay <recording> <game>    plays a recording into a game, without network
  inspect <recording>          shows what is in a recording

Types: tcp, udp, ws, wss. Packet mode, as network_create_server and network_connect,
unless --raw is given.

Options:
${optionTable(undefined)}

Examples:
  bitecs-networking listen tcp 6510
  bitecs-networking connect tcp://localhost:6510
  bitecs-networking listen --help

${exitCodes}`

const listen = `Usage: bitecs-networking listen [type] [port] [options]

A server of type tcp (default), udp, ws or wss on port 6510 or another; 0 takes a free
one. Prints each Networking event. A typed line goes to every client: in packet mode as
a buffer_string, with --raw as its bytes. When the input has ended, it goes on.

Options:
${optionTable('listen')}

Lines:
${inputHelp('listen')}

Examples:
  bitecs-networking listen
  bitecs-networking listen udp 6510 --echo
  bitecs-networking listen ws 8080 --raw --text --path /game --origin https://example.org
  bitecs-networking listen wss 6510 --cert chain.pem --key key.pem
  bitecs-networking listen tcp 0 --json --count 1

${exitCodes}`

const connect = `Usage: bitecs-networking connect <type>://host[:port][/path] [options]
       bitecs-networking connect <type> <host> <port> [options]

A client of a tcp, udp, ws or wss server. Prints each Networking event and sends each
line: in packet mode as a buffer_string, with --raw as its bytes. udp has no connection:
the lines go to the target, and whatever comes back is printed. When the input has ended
and all was sent, it ends after some silence. The path is for ws and wss.

Options:
${optionTable('connect')}

There is no --insecure: a connection to a server that nobody has checked is not secure.
Give the certificate of a server of your own, or of its authority, with --ca.

Lines, when they are typed (input from a file or a pipe is sent as it is):
${inputHelp('connect')}

Examples:
  bitecs-networking connect tcp://localhost:6510
  bitecs-networking connect udp 192.168.0.7 6510 --hex
  bitecs-networking connect tcp example.org 80 --raw --line-end crlf
  bitecs-networking connect udp://localhost:6510 --conditions lte,loss=0.1
  bitecs-networking connect wss://localhost:6510/game --ca authority.pem
  echo hello | bitecs-networking connect tcp://localhost:6510 --json --wait 2000

${exitCodes}`

const simulate = `Usage: bitecs-networking simulate FILE [options]

Runs a server and clients on a network in memory, in virtual time: the same seed is the
same run. FILE is a module whose default export is the options of simulate, of
bitecs-networking/simulation. Prints a report. A run that fails prints its seed, its tick,
why, and the faults that it takes, and leaves FILE.failure.json for --replay, and
FILE.failure.bnrec, a recording of its server, for inspect.

Options:
${optionTable('simulate')}

Examples:
  bitecs-networking simulate game.sim.mjs
  bitecs-networking simulate game.sim.mjs --seed 7 --ticks 3600 --report run.html
  bitecs-networking simulate game.sim.mjs --seeds 1000
  bitecs-networking simulate game.sim.mjs --replay game.sim.mjs.failure.json

${exitCodes}`

const replay = `Usage: bitecs-networking replay <recording> <game> [options]

Plays a recording of recordNetwork into a game, as fast as it can, and tells where the
game first does something else than when it was recorded. The game is an ES module:

  export default (prepare) => {
    const world = createWorld()
    prepare(world)           // as where it calls recordNetwork
    …                        // servers, sockets, handlers
    return (tick) => { …; NetworkSystem(world) }
  }

Options:
${optionTable('replay')}

Example:
  bitecs-networking replay game.bnrec game.mjs

${exitCodes}`

const inspect = `Usage: bitecs-networking inspect <recording> [options]

Shows what is in a recording of recordNetwork: its sockets, ticks, events and bytes.

Options:
${optionTable('inspect')}

Examples:
  bitecs-networking inspect game.bnrec
  bitecs-networking inspect game.bnrec --html game.html

${exitCodes}`

/** What `--help` shows, for the whole or for a command. */
export function helpText(topic: CommandName | undefined): string {
  return topic === undefined ? general : { listen, connect, simulate, replay, inspect }[topic]
}

/** What can be typed while the program runs. */
export function inputHelp(command: SessionName): string {
  const rows: [string, string][] = [['text', 'send it']]
  if (command === 'listen')
    rows.push(
      ['@id text', 'send it to one client; udp: @ip:port text'],
      ['@@text', 'send a line that begins with @'],
      ['/clients', 'list the clients; udp: those who have sent something'],
      ['/kick id', 'end the connection of a client; udp: forget it'],
    )
  rows.push(['//text', 'send a line that begins with /'])
  rows.push(['/quit', 'end'], ['/help', 'show this list'])
  return table(rows)
}

function optionTable(command: CommandName | undefined): string {
  return table(
    optionsOf(command).map(([name, { value, short, help }]) => [
      `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
      help,
    ]),
  )
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}
