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
    const round = Math.floor(index / names.length)
    const name = `${names[index % names.length]}${round === 0 ? '' : ` ${round + 1}`}`
    const bot = new Bot(name, index === 0, random)
    connect(bot, index % 2 === 0, ports).catch((error: Error) => print(error.message))
    return bot
  })
}

async function connect(
  bot: Bot,
  overTcp: boolean,
  ports: { readonly tcp: number; readonly udp: number },
): Promise<void> {
  const hear = (message: ServerMessage): void => bot.hear(message)
  bot.play(
    overTcp
      ? await createConnectedLine(SocketType.tcp, '127.0.0.1', ports.tcp, hear)
      : createUdpLine(ports.udp, hear),
  )
}
