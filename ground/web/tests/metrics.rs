//! How busy the house is, is told to this machine or to whoever brings the token.

use crate::house::Service;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use std::net::SocketAddr;
use std::sync::Arc;
use testkit::Engine;
use tower::ServiceExt;
use web::Settings;

/// The status of `/metrics` for a peer with these headers.
async fn asked(token: &str, peer: &str, headers: &[(&str, &str)]) -> u16 {
    let settings = Settings { metrics_token: token.into(), ..Settings::default() };
    let service = Service::with(Engine::Sqlite.fresh().await, settings).await;
    let mut house = service.house.clone();
    house.metrics = Some(Arc::new(|| "requests 1".into()));
    let request = headers.iter().fold(Request::get("/metrics"), |request, (name, value)| request.header(*name, *value));
    let mut request = request.body(Body::empty()).unwrap();
    let peer: SocketAddr = peer.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    web::build(house, vec![]).router.oneshot(request).await.unwrap().status().as_u16()
}

#[test]
fn without_a_token_only_this_machine_counts_and_no_proxy_for_others() {
    testkit::run(async {
        for here in ["127.0.0.1:4000", "[::1]:4000", "[::ffff:127.0.0.1]:4000"] {
            assert_eq!(asked("", here, &[]).await, 200, "{here}");
        }
        for there in ["10.0.0.7:4000", "[2001:db8::1]:4000"] {
            assert_eq!(asked("", there, &[]).await, 404, "{there}");
        }
        for proxy in ["x-forwarded-for", "x-real-ip", "forwarded", "via"] {
            assert_eq!(asked("", "127.0.0.1:4000", &[(proxy, "127.0.0.1")]).await, 404, "{proxy}");
        }
    });
}

#[test]
fn a_token_is_asked_of_everybody() {
    testkit::run(async {
        let token = "mot-ma-du-dai-de-dem";
        let brought = format!("Bearer {token}");
        for peer in ["127.0.0.1:4000", "10.0.0.7:4000"] {
            assert_eq!(asked(token, peer, &[("authorization", &brought)]).await, 200, "{peer}");
            assert_eq!(asked(token, peer, &[]).await, 404, "{peer}");
            assert_eq!(asked(token, peer, &[("authorization", "Bearer mot-ma-du-dai-de-dex")]).await, 404, "{peer}");
        }
    });
}
