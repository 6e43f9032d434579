import { SocketType, socketTypeName } from '../constants/SocketType.ts'

/** The types of socket that have an option, by its name; all have one that is not here. */
export type OptionTypes<Options> = { readonly [Name in keyof Options]?: readonly SocketType[] }

/** The types that options of WebSocket are for. */
export const webSocketTypes: readonly SocketType[] = [SocketType.ws, SocketType.wss]

/**
 * Refuses an option that sockets of this type do not have: a server that silently did not encrypt, or took every origin, would be
 * worse than none.
 *
 * @throws TypeError that names the option and the types that have it
 */
export function checkOptionTypes<Options extends object>(
  where: string,
  type: SocketType,
  options: Options,
  table: OptionTypes<Options>,
): void {
  for (const [name, types] of Object.entries<readonly SocketType[] | undefined>(table)) {
    if (types === undefined || types.includes(type)) continue
    if (Reflect.get(options, name) === undefined) continue
    const names = types.map((each) => `SocketType.${socketTypeName(each)}`).join(', ')
    throw new TypeError(`${where}: ${name} is an option of ${names} only`)
  }
}
