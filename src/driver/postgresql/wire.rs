//! Messages over a socket.

use bytes::BytesMut;
use ground::socket::{Socket, SocketError};
use postgres_protocol::message::backend::Message;
use postgres_protocol::message::frontend;
use std::time::Duration;

/// A stream of messages to and from a server. What is to be sent collects in `outgoing` until
/// [`flush`](Wire::flush).
pub(super) struct Wire {
    socket: Box<dyn Socket>,
    incoming: BytesMut,
    pub(super) outgoing: BytesMut,
}

/// Bytes that are read at once.
const READ: usize = 16 * 1024;

impl Wire {
    pub(super) fn new(socket: Box<dyn Socket>) -> Self {
        Wire {
            socket,
            incoming: BytesMut::new(),
            outgoing: BytesMut::new(),
        }
    }

    pub(super) fn socket(&mut self) -> &mut dyn Socket {
        &mut *self.socket
    }

    /// Sends what has been collected.
    pub(super) fn flush(&mut self) -> Result<(), SocketError> {
        let result = self.socket.write(&self.outgoing);
        self.outgoing.clear();
        result
    }

    /// One byte, as a server answers a request for TLS.
    pub(super) fn read_byte(&mut self) -> Result<u8, SocketError> {
        let mut byte = [0];
        match self.socket.read(&mut byte)? {
            0 => Err(SocketError::Closed),
            _ => Ok(byte[0]),
        }
    }

    /// The next message; `None` when the read timeout is over first.
    pub(super) fn receive(&mut self) -> Result<Option<Message>, SocketError> {
        loop {
            let parsed = Message::parse(&mut self.incoming)
                .map_err(|error| SocketError::Other(error.to_string()))?;
            if let Some(message) = parsed {
                return Ok(Some(message));
            }
            let mut buffer = [0; READ];
            match self.socket.read(&mut buffer) {
                Ok(0) => return Err(SocketError::Closed),
                Ok(count) => self.incoming.extend_from_slice(&buffer[..count]),
                Err(SocketError::TimedOut) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }

    pub(super) fn set_read_timeout(
        &mut self,
        timeout: Option<Duration>,
    ) -> Result<(), SocketError> {
        self.socket.set_read_timeout(timeout)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        // A server that is told so frees what the connection held at once; one that has gone is no
        // failure.
        self.outgoing.clear();
        frontend::terminate(&mut self.outgoing);
        let _ = self.socket.write(&self.outgoing);
    }
}
