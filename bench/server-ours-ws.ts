// Messages over WebSocket, as any page sends them.
import { SocketType } from 'bitecs-networking'
import { echoThroughLibrary } from './lib/echoThroughLibrary.ts'

echoThroughLibrary(SocketType.ws, true)
