import { type World } from 'bitecs'
import { SocketType } from 'bitecs-networking'
import { type ServerMessage } from '../shared/serverMessages.ts'
import { Bot } from './Bot.ts'
import { createConnectedLine } from './createConnectedLine.ts'
import { createUdpLine } from './createUdpLine.ts'

const names = ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Margaret', 'Ken']

/**
 * Makes bots and lets them connect, half over TCP and half over UDP. Those that cannot are told of with `print`, and stay
 * away.
 */
export function startBots(
  count: number,
  ports: { readonly tcp: number; readonly udp: number },
  random: () => number,
  print: (line: string) => void,
): Bot[] {
  return Array.from({ length: count }, (_, index) => {
    const bot = createBot(index, random)
    connectBot(bot, index, ports).catch((error: Error) => print(error.message))
    return bot
  })
}

/** Makes the bot of a number, each with another name. The first greets people. */
export function createBot(index: number, random: () => number): Bot {
  const round = Math.floor(index / names.length)
  const name = `${names[index % names.length]}${round === 0 ? '' : ` ${round + 1}`}`
  return new Bot(name, index === 0, random)
}

/** Lets a bot play, every other one over TCP. Rejects with a message for the user when it cannot. */
export async function connectBot(
  bot: Bot,
  index: number,
  ports: { readonly tcp: number; readonly udp: number },
  options: { readonly within?: World; readonly replicated?: boolean } = {},
): Promise<void> {
  const hear = (message: ServerMessage): void => bot.hear(message)
  bot.play(
    index % 2 === 0
      ? await createConnectedLine(SocketType.tcp, '127.0.0.1', ports.tcp, hear, options)
      : createUdpLine(ports.udp, hear, options.within),
  )
}
