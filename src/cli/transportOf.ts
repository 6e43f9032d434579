import { type TransportChoice } from '../index.ts'
import { withConditions } from '../simulation.ts'
import { type SessionSettings, typeNames } from './Command.ts'

/** What carries the session's sockets. */
export function transportOf({ type, conditions }: SessionSettings): TransportChoice {
  const choice = typeNames[type]
  return conditions === undefined ? choice : withConditions(choice, conditions)
}
