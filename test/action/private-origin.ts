import { execFileSync, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';

/** A repository behind a password, over git's smart HTTP. */
export interface PrivateOrigin {
  /** Of the server, with a slash at its end. */
  readonly url: string;
  readonly repository: string;
  /** The Authorization headers of each request, as they came. */
  readonly asked: readonly (readonly string[])[];
  close(): void;
}

/** Serves a bare repository to those who send exactly one header, `basic x-access-token:<token>`, as GitHub does. */
export async function servePrivately(folder: string, token: string): Promise<PrivateOrigin> {
  const wanted = `basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  const asked: string[][] = [];
  const server = createServer((request, response) => {
    const sent = request.rawHeaders.filter(
      (_, at, all) => at % 2 === 1 && /^authorization$/i.test(all[at - 1] ?? ''),
    );
    asked.push(sent);
    if (sent.length > 1) return void response.writeHead(400).end('Duplicate header: "Authorization"');
    if (sent[0]?.toLowerCase() !== wanted.toLowerCase())
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' }).end();
    serve(folder, request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    repository: url + folder.slice(folder.lastIndexOf('/') + 1),
    asked,
    close: () => server.close(),
  };
}

function serve(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const backend = spawn(
    `${execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim()}/git-http-backend`,
    {
      env: {
        ...process.env,
        GIT_PROJECT_ROOT: dirname(folder),
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        REQUEST_METHOD: request.method ?? 'GET',
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      },
    },
  );
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  backend.on('close', () => {
    const answer = Buffer.concat(chunks);
    const end = answer.indexOf('\r\n\r\n');
    for (const line of answer.subarray(0, end).toString('latin1').split('\r\n')) {
      const [name = '', value = ''] = line.split(': ');
      if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.end(answer.subarray(end + 4));
  });
}
