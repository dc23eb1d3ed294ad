// The server machine under a hostile client.
import { Session, START } from '../session.mjs';
import { checkFailures, compareSplits } from './http1/compare.mjs';
import { runFreely } from './http1/free-run.mjs';
import { checkResponses, mirrorRequest } from './http1/mirror.mjs';
import { ServerApplication } from './http1/server-application.mjs';
import { http1Target } from './http1/target.mjs';

const SMOKE_EXECUTIONS = 10_000;

function run(script, { server, client }, record) {
  const { limits, timeouts, requestsMax } = script;
  const [acceptUrlTargets, isQuiet] = script.options;
  const options = { limits, timeouts, requestsMax, acceptUrlTargets, announceKeepAlive: !isQuiet };
  const settings = server.serverSettings(options);
  let application;
  const open = () => {
    const machine = record(new server.Http1Server(settings, START));
    application = new ServerApplication(machine, script);
    return new Session(machine, application, script.stream);
  };
  const { events, output } = script.isFree
    ? runFreely(open(), application, script)
    : compareSplits(script, open);
  checkFailures(events, server.FAULTS, true);
  checkResponses(client, events, output);
  const { firstRequest } = application;
  if (firstRequest !== null) mirrorRequest({ server, client }, firstRequest, settings);
}

export default http1Target('server', SMOKE_EXECUTIONS, run);
