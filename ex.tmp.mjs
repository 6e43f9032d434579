import { build } from 'esbuild'
import {gzipSync} from 'node:zlib'
const client = `export {
  createSocket, connectSocket, destroySocket, sendPacket, onNetworking, NetworkSystem,
  createBuffer, readBuffer, writeBuffer, seekBuffer, BufferKind, BufferType,
  Socket, Connected, Disconnected, NetworkType, SocketType, NetworkError,
} from './src/index.ts'`
const sh={bundle:true,format:'esm',target:'es2022',packages:'external',splitting:true,minify:true,write:false,outdir:'x',tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } }}
const m=async o=>{const r=await build({...sh,...o});return gzipSync(Buffer.concat(r.outputFiles.map(f=>f.contents))).length}
console.log('client',await m({platform:'browser',stdin:{contents:client,resolveDir:process.cwd()}})-16384,'node',await m({platform:'node',entryPoints:{index:'src/index.ts'}})-33*1024,'browser',await m({platform:'browser',entryPoints:{index:'src/index.ts'}})-24*1024,'gml',await m({platform:'node',entryPoints:{gml:'src/gml.ts'}})-41*1024)
