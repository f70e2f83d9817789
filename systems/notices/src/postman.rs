//! Takes queued messages to the mail server and notes how it went.
use store::{Halt, Job as _, JobRun, Read, Work, Write};

use crate::{
    Deliver, State,
    mail::{MailError, Sender},
    sql,
};

/// Delivers over one mail server.
#[derive(Debug)]
pub struct Postman(pub Sender);

impl Work for Postman {
    type On = Deliver;

    async fn work(&self, order: Deliver, run: &JobRun) -> Result<String, Halt> {
        let id = order.message;
        let found = run.db.read(async move |tx: &Read<'_>| sql::outgoing(tx, id).await).await?;
        let Some(message) = found else { return Ok("the message is gone".into()) };
        if message.state != State::Queued {
            return Ok(format!("nothing to do: {}", message.state));
        }
        match self.0.send(&message).await {
            Ok(reply) => {
                let (said, now) = (reply.clone(), run.now());
                run.db.write(async move |tx: &Write<'_>| sql::sent(tx, id, &said, now).await).await?;
                Ok(reply)
            }
            Err(error) => {
                let never = matches!(error, MailError::Never(_)) || run.tries >= Deliver::TRIES;
                let (state, why) = (if never { State::Failed } else { State::Queued }, error.to_string());
                run.db.write(async move |tx: &Write<'_>| sql::not_sent(tx, id, state, &why).await).await?;
                Err(if never { Halt::Never(error.to_string()) } else { Halt::Again(error.to_string()) })
            }
        }
    }
}
