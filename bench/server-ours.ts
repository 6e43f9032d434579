// Packets over TCP, as a GameMaker game sends them.
import { SocketType } from 'bitecs-networking'
import { echoThroughLibrary } from './lib/echoThroughLibrary.ts'

echoThroughLibrary(SocketType.tcp, false)
