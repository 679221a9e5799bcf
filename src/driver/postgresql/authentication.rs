//! How a connection proves who it is: nothing, a password in clear or by MD5, SCRAM-SHA-256.

use postgres_protocol::authentication::md5_hash;
use postgres_protocol::message::backend::Message;
use postgres_protocol::message::frontend;

use super::settings::Settings;
use super::wire::Wire;

/// Why the server could not be satisfied, in libpq's words.
pub(super) type Refusal = String;

/// Answers a message of the server that asks who this is; `false` if it asks nothing of the kind.
pub(super) fn answer(
    wire: &mut Wire,
    settings: &Settings,
    message: &Message,
    exchange: &mut Exchange,
) -> Result<bool, Refusal> {
    let password = || {
        settings
            .password
            .as_deref()
            .ok_or_else(|| "fe_sendauth: no password supplied".to_owned())
    };
    let out = &mut wire.outgoing;
    let written = match message {
        Message::AuthenticationOk => return Ok(true),
        Message::AuthenticationCleartextPassword => {
            frontend::password_message(password()?.as_bytes(), out)
        }
        Message::AuthenticationMd5Password(body) => {
            let hash = md5_hash(
                settings.user.as_bytes(),
                password()?.as_bytes(),
                body.salt(),
            );
            frontend::password_message(hash.as_bytes(), out)
        }
        Message::AuthenticationSasl(_)
        | Message::AuthenticationSaslContinue(_)
        | Message::AuthenticationSaslFinal(_) => {
            if !exchange.answer(wire, password()?, message)? {
                return Ok(true);
            }
            Ok(())
        }
        Message::AuthenticationGss | Message::AuthenticationSspi => {
            return Err("GSSAPI authentication is not supported by Limbeck".to_owned());
        }
        Message::AuthenticationKerberosV5 => {
            return Err("Kerberos 5 authentication not supported".to_owned());
        }
        _ => return Ok(false),
    };
    written
        .map_err(|error| error.to_string())
        .and_then(|()| wire.flush().map_err(|error| error.to_string()))?;
    Ok(true)
}

#[cfg(not(target_family = "wasm"))]
pub(super) use scram::Exchange;

#[cfg(not(target_family = "wasm"))]
mod scram {
    use super::{Message, Refusal, Wire, frontend};
    use fallible_iterator::FallibleIterator;
    use postgres_protocol::authentication::sasl::{ChannelBinding, SCRAM_SHA_256, ScramSha256};

    /// A SCRAM exchange in progress.
    #[derive(Default)]
    pub(in super::super) struct Exchange(Option<ScramSha256>);

    impl Exchange {
        /// Takes the server's message; whether an answer waits to be sent.
        pub(super) fn answer(
            &mut self,
            wire: &mut Wire,
            password: &str,
            message: &Message,
        ) -> Result<bool, Refusal> {
            let out = &mut wire.outgoing;
            let io = |error: std::io::Error| error.to_string();
            match (message, &mut self.0) {
                (Message::AuthenticationSasl(body), _) => {
                    let mut plain = false;
                    let mut mechanisms = body.mechanisms();
                    while let Some(mechanism) = mechanisms.next().map_err(io)? {
                        plain |= mechanism == SCRAM_SHA_256;
                    }
                    if !plain {
                        return Err(
                            "none of the server's SASL authentication mechanisms are supported"
                                .to_owned(),
                        );
                    }
                    let binding = ChannelBinding::unsupported();
                    let scram = ScramSha256::new(password.as_bytes(), binding);
                    frontend::sasl_initial_response(SCRAM_SHA_256, scram.message(), out)
                        .map_err(io)?;
                    self.0 = Some(scram);
                    Ok(true)
                }
                (Message::AuthenticationSaslContinue(body), Some(scram)) => {
                    scram.update(body.data()).map_err(io)?;
                    frontend::sasl_response(scram.message(), out).map_err(io)?;
                    Ok(true)
                }
                (Message::AuthenticationSaslFinal(body), Some(scram)) => {
                    scram.finish(body.data()).map_err(io)?;
                    Ok(false)
                }
                _ => Err("invalid SCRAM exchange state".to_owned()),
            }
        }
    }
}

/// In the page the server is the page's own and asks for no password.
#[cfg(target_family = "wasm")]
#[derive(Default)]
pub(super) struct Exchange {}

#[cfg(target_family = "wasm")]
impl Exchange {
    fn answer(
        &mut self,
        _wire: &mut Wire,
        _password: &str,
        _message: &Message,
    ) -> Result<bool, Refusal> {
        Err("SASL authentication is not supported here".to_owned())
    }
}
