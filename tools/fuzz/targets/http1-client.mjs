// The client machine under a hostile server.
import { Session, START } from '../session.mjs';
import { ClientApplication } from './http1/client-application.mjs';
import { checkFailures, compareSplits } from './http1/compare.mjs';
import { runFreely } from './http1/free-run.mjs';
import { checkRequests, mirrorResponse } from './http1/mirror.mjs';
import { http1Target } from './http1/target.mjs';

const SMOKE_EXECUTIONS = 10_000;

function run(script, { server, client }, record) {
  const { limits, timeouts, requestsMax } = script;
  const [refuseObsFold, allowUrlTargets] = script.options;
  const options = { limits, timeouts, requestsMax, refuseObsFold, allowUrlTargets };
  const settings = client.clientSettings(options);
  let application;
  const open = () => {
    const machine = record(new client.Http1Client(settings, START));
    application = new ClientApplication(machine, script, START);
    return new Session(machine, application, script.stream);
  };
  const outcome = script.isFree
    ? runFreely(open(), application, script)
    : compareSplits(script, open);
  checkFailures(outcome.events, client.FAULTS, false);
  checkRequests(server, outcome.output);
  const { firstResponse, firstMethod } = application;
  const isAnswer = firstResponse !== null && !script.isFree;
  if (isAnswer) mirrorResponse({ server, client }, firstResponse, firstMethod);
}

export default http1Target('client', SMOKE_EXECUTIONS, run);
