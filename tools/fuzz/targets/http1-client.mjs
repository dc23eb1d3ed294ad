// The client machine under a hostile server.
import { Session, START } from '../session.mjs';
import { ClientApplication } from './http1/client-application.mjs';
import { checkFailures, compareSplits } from './http1/compare.mjs';
import { runFreely } from './http1/free-run.mjs';
import { mirrorResponse } from './http1/mirror.mjs';
import { http1Target } from './http1/target.mjs';

const SMOKE_EXECUTIONS = 50_000;

function run(script, { server, client }) {
  const { limits, requestsMax } = script;
  const [refuseObsFold, allowUrlTargets] = script.options;
  const options = { limits, requestsMax, refuseObsFold, allowUrlTargets };
  const settings = client.clientSettings(options);
  let application;
  const open = () => {
    const machine = new client.Http1Client(settings, START);
    application = new ClientApplication(machine, script, START);
    return new Session(machine, application, script.stream);
  };
  if (script.isFree) {
    const session = open();
    runFreely(session, application, script);
    checkFailures(session.watch.events, client.FAULTS, false);
    return;
  }
  const { events } = compareSplits(script, open);
  checkFailures(events, client.FAULTS, false);
  const { firstResponse, firstMethod } = application;
  if (firstResponse !== null) mirrorResponse({ server, client }, firstResponse, firstMethod);
}

export default http1Target('client', SMOKE_EXECUTIONS, run);
