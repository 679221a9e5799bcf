//! TLS by rustls, with what libpq looks at in a certificate.

use std::net::TcpStream;
use std::sync::Arc;

use limbeck::ground::socket::{TlsAuthorities, TlsOptions, TlsVerification};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error, RootCertStore,
    SignatureScheme, StreamOwned,
};

/// Encrypts a stream.
///
/// # Errors
/// Why not, in libpq's words where it has any.
pub(super) fn start(
    mut stream: TcpStream,
    options: &TlsOptions,
) -> Result<StreamOwned<ClientConnection, TcpStream>, String> {
    let provider = Arc::new(ring::default_provider());
    let mut trusted = Vec::new();
    let authority = match options.verification {
        TlsVerification::None => None,
        _ => {
            trusted = certificates(&options.authorities)?;
            let mut store = RootCertStore::empty();
            store.add_parsable_certificates(trusted.iter().cloned());
            let verifier =
                WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone())
                    .build()
                    .map_err(|error| error.to_string())?;
            Some(verifier)
        }
    };
    let verifier = Verifier {
        authority,
        trusted,
        names: options.verification == TlsVerification::Full,
        provider: provider.clone(),
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let config = match &options.identity {
        Some((certificate, key)) => {
            let chain: Result<Vec<CertificateDer<'static>>, _> =
                CertificateDer::pem_slice_iter(certificate).collect();
            let chain = chain.map_err(|error| format!("could not read certificate: {error}"))?;
            let key = PrivateKeyDer::from_pem_slice(key)
                .map_err(|error| format!("could not load private key: {error}"))?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| error.to_string())?
        }
        None => builder.with_no_client_auth(),
    };
    let name = ServerName::try_from(options.host.clone()).map_err(|error| error.to_string())?;
    let mut connection =
        ClientConnection::new(Arc::new(config), name).map_err(|error| error.to_string())?;
    while connection.is_handshaking() {
        if let Err(error) = connection.complete_io(&mut stream) {
            return Err(
                match error.get_ref().and_then(|e| e.downcast_ref::<Error>()) {
                    Some(error) => words(error, &options.host),
                    None => format!("SSL error: {error}"),
                },
            );
        }
    }
    Ok(StreamOwned::new(connection, stream))
}

fn certificates(given: &TlsAuthorities) -> Result<Vec<CertificateDer<'static>>, String> {
    match given {
        TlsAuthorities::System => Ok(rustls_native_certs::load_native_certs().certs),
        TlsAuthorities::Pem(pem) => CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|error| format!("could not read root certificate file: {error}")),
    }
}

fn words(error: &Error, host: &str) -> String {
    match error {
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => format!("server certificate does not match host name \"{host}\""),
        Error::InvalidCertificate(_) => "SSL error: certificate verify failed".to_owned(),
        other => format!("SSL error: {other}"),
    }
}

/// Looks at a certificate as far as `sslmode` says.
#[derive(Debug)]
struct Verifier {
    authority: Option<Arc<WebPkiServerVerifier>>,
    trusted: Vec<CertificateDer<'static>>,
    names: bool,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(authority) = &self.authority else {
            return Ok(ServerCertVerified::assertion());
        };
        // A server may show the very certificate that is trusted, as one that signed its own does.
        if self.trusted.iter().any(|known| known == end_entity) {
            if self.names {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
            }
            return Ok(ServerCertVerified::assertion());
        }
        let verified = authority.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match verified {
            // The name is looked at last: all else was in order.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.names => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
