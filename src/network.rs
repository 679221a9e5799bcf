//! The native host's streams to servers: TCP, with TLS where it is asked for, and Unix sockets.

mod tls;

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::time::Duration;

use limbeck::ground::socket::{ServerAddress, Socket, SocketError, TlsOptions};
use rustls::{ClientConnection, StreamOwned};

/// Opens a stream.
///
/// # Errors
/// What the last of the host's addresses says, where it has several.
pub fn connect(address: &ServerAddress) -> Result<Box<dyn Socket>, SocketError> {
    match address {
        ServerAddress::Tcp {
            host,
            port,
            timeout,
        } => connect_tcp(host, *port, *timeout),
        #[cfg(unix)]
        ServerAddress::Unix(path) => match UnixStream::connect(path) {
            Ok(stream) => Ok(Box::new(Stream {
                transport: Transport::Unix(stream),
                peer: None,
            })),
            Err(error) => Err(SocketError::Refused {
                address: None,
                message: words(&error),
            }),
        },
        #[cfg(not(unix))]
        ServerAddress::Unix(_) => Err(SocketError::Unavailable(
            "there are no Unix sockets on this system".to_owned(),
        )),
    }
}

fn connect_tcp(
    host: &str,
    port: u16,
    timeout: Option<Duration>,
) -> Result<Box<dyn Socket>, SocketError> {
    let unknown = |error: std::io::Error| {
        let text = error.to_string();
        let text = text.rsplit(": ").next().unwrap_or(&text).to_owned();
        SocketError::UnknownHost(text)
    };
    let mut failure = SocketError::UnknownHost("Name or service not known".to_owned());
    for address in (host, port).to_socket_addrs().map_err(unknown)? {
        let connected = match timeout {
            Some(timeout) => TcpStream::connect_timeout(&address, timeout),
            None => TcpStream::connect(address),
        };
        match connected {
            Ok(stream) => {
                // Messages are small, and each is waited for.
                let _ = stream.set_nodelay(true);
                return Ok(Box::new(Stream {
                    transport: Transport::Tcp(stream),
                    peer: Some(address.ip().to_string()),
                }));
            }
            Err(error) if error.kind() == ErrorKind::TimedOut => failure = SocketError::TimedOut,
            Err(error) => {
                failure = SocketError::Refused {
                    address: Some(address.ip().to_string()),
                    message: words(&error),
                }
            }
        }
    }
    Err(failure)
}

/// The platform's words without its number.
fn words(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error")
        .next()
        .unwrap_or_default()
        .to_owned()
}

enum Transport {
    Tcp(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
    #[cfg(unix)]
    Unix(UnixStream),
    /// While TLS begins, and after it could not.
    Closed,
}

impl Transport {
    fn both(&mut self) -> Result<&mut dyn ReadWrite, SocketError> {
        match self {
            Transport::Tcp(stream) => Ok(stream),
            Transport::Tls(stream) => Ok(stream),
            #[cfg(unix)]
            Transport::Unix(stream) => Ok(stream),
            Transport::Closed => Err(SocketError::Closed),
        }
    }
}

trait ReadWrite: Read + Write {}

impl<T: Read + Write> ReadWrite for T {}

struct Stream {
    transport: Transport,
    peer: Option<String>,
}

fn failed(error: &std::io::Error) -> SocketError {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => SocketError::TimedOut,
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => SocketError::Closed,
        _ => SocketError::Other(words(error)),
    }
}

impl Socket for Stream {
    fn peer(&self) -> Option<String> {
        self.peer.clone()
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), SocketError> {
        let stream = self.transport.both()?;
        stream
            .write_all(bytes)
            .and_then(|()| stream.flush())
            .map_err(|error| failed(&error))
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        let stream = self.transport.both()?;
        loop {
            match stream.read(buffer) {
                Ok(0) => return Err(SocketError::Closed),
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(&error)),
            }
        }
    }

    fn set_read_timeout(&mut self, timeout: Option<Duration>) -> Result<(), SocketError> {
        let set = match &self.transport {
            Transport::Tcp(stream) => stream.set_read_timeout(timeout),
            Transport::Tls(stream) => stream.sock.set_read_timeout(timeout),
            #[cfg(unix)]
            Transport::Unix(stream) => stream.set_read_timeout(timeout),
            Transport::Closed => return Err(SocketError::Closed),
        };
        set.map_err(|error| failed(&error))
    }

    fn crosses_network(&self) -> bool {
        matches!(self.transport, Transport::Tcp(_))
    }

    fn is_encrypted(&self) -> bool {
        matches!(self.transport, Transport::Tls(_))
    }

    fn start_tls(&mut self, options: &TlsOptions) -> Result<(), SocketError> {
        let Transport::Tcp(stream) = std::mem::replace(&mut self.transport, Transport::Closed)
        else {
            return Err(SocketError::Tls("the stream is encrypted".to_owned()));
        };
        let stream = tls::start(stream, options).map_err(SocketError::Tls)?;
        self.transport = Transport::Tls(Box::new(stream));
        Ok(())
    }
}
