import { type ConnectCommand, type ListenCommand } from './Command.ts'

/** Says which options do not fit each other or the socket's type; `undefined` if all do. */
export function checkFit(command: ListenCommand | ConnectCommand): string | undefined {
  const { type, raw, text, hexInput, lineEnd } = command
  const isWebSocket = type === 'ws' || type === 'wss'
  if (hexInput && (text || lineEnd !== '')) {
    return '--hex-input sends lines as they are: neither --text nor --line-end goes with it'
  }
  if (lineEnd !== '' && !raw) return '--line-end needs --raw'
  if (text && raw && !isWebSocket) return '--text with --raw is for ws and wss'
  if (command.name === 'connect') {
    if (command.ca !== undefined && type !== 'wss') return '--ca is for wss'
    if (command.timeoutMs !== undefined && type === 'udp') return '--timeout is not for udp'
    return undefined
  }
  const { path, origins, maxClients, cert, key } = command
  if (maxClients !== undefined && type === 'udp') return '--max-clients is not for udp'
  if (path !== undefined && !isWebSocket) return '--path is for ws and wss'
  if (path !== undefined && !/^\/[^?#\s]*$/.test(path))
    return '--path must begin with / and have no ?, # or space'
  if (origins !== undefined && !isWebSocket) return '--origin is for ws and wss'
  if (type !== 'wss' && (cert ?? key) !== undefined) return '--cert and --key are for wss'
  if (type === 'wss' && (cert === undefined || key === undefined))
    return 'wss needs --cert FILE and --key FILE'
  return undefined
}
