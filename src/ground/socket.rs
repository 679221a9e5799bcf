//! Byte streams to servers, as a host opens them.

use std::fmt;
use std::time::Duration;

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerAddress {
    /// A TCP port of a host, which is a name or a number.
    Tcp {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// How long to wait for it to answer; as long as the platform does where not given.
        timeout: Option<Duration>,
    },
    /// A Unix socket, by its path.
    Unix(String),
}

/// How far the certificate of a server is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsVerification {
    /// Not at all: the stream is encrypted, whoever is at its other end.
    None,
    /// It must come from a trusted authority.
    Authority,
    /// It must come from a trusted authority and be for the host's name.
    Full,
}

/// The authorities whose certificates are trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsAuthorities {
    /// Those of the platform.
    System,
    /// Those of a file, in PEM.
    Pem(Vec<u8>),
}

/// How a stream is encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsOptions {
    /// The name of the host.
    pub host: String,
    /// How far its certificate is looked at.
    pub verification: TlsVerification,
    /// The trusted authorities.
    pub authorities: TlsAuthorities,
    /// The client's own certificate and its private key, both in PEM.
    pub identity: Option<(Vec<u8>, Vec<u8>)>,
}

/// Why a stream could not be opened, read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketError {
    /// The host's name is not known, in the words of the platform.
    UnknownHost(String),
    /// Nobody answers there.
    Refused {
        /// The number that the host's name stands for.
        address: Option<String>,
        /// The words of the platform, such as `Connection refused`.
        message: String,
    },
    /// The time that was given to it is over.
    TimedOut,
    /// The other end closed it.
    Closed,
    /// It can't be encrypted as asked for, and why.
    Tls(String),
    /// This host opens no such stream, and why.
    Unavailable(String),
    /// Anything else, in the words of the platform.
    Other(String),
}

impl fmt::Display for SocketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SocketError::TimedOut => "timeout expired",
            SocketError::Closed => "server closed the connection unexpectedly",
            SocketError::Refused { message, .. } => message,
            SocketError::UnknownHost(text)
            | SocketError::Tls(text)
            | SocketError::Unavailable(text)
            | SocketError::Other(text) => text,
        })
    }
}

/// An open stream of bytes to a server.
pub trait Socket {
    /// The number of the server's host, where it has one.
    fn peer(&self) -> Option<String> {
        None
    }

    /// Writes all bytes.
    ///
    /// # Errors
    /// [`SocketError::Closed`], or what the platform says.
    fn write(&mut self, bytes: &[u8]) -> Result<(), SocketError>;

    /// Waits for at least one byte and returns how many were read into the buffer.
    ///
    /// # Errors
    /// [`SocketError::Closed`] at the stream's end; [`SocketError::TimedOut`] when the time that
    /// [`set_read_timeout`](Socket::set_read_timeout) gave is over, after which it can be read on.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SocketError>;

    /// How long a read waits; for good where not given.
    ///
    /// # Errors
    /// What the platform says.
    fn set_read_timeout(&mut self, timeout: Option<Duration>) -> Result<(), SocketError> {
        let _ = timeout;
        Ok(())
    }

    /// Whether the stream crosses a network, so that encrypting it has a meaning.
    fn crosses_network(&self) -> bool {
        false
    }

    /// Whether the stream is encrypted.
    fn is_encrypted(&self) -> bool {
        false
    }

    /// Encrypts the stream from here on.
    ///
    /// # Errors
    /// [`SocketError::Tls`] where that is not possible or the certificate is refused.
    fn start_tls(&mut self, options: &TlsOptions) -> Result<(), SocketError> {
        let _ = options;
        Err(SocketError::Tls("TLS is not available here".to_owned()))
    }
}
