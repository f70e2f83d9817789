//! Providers that are known by name, with the names of their claims and their levels.
use web::Realm;

use super::provider::{ClaimNames, ClientAuth, Profile, Provider};

impl Provider {
    /// Providers that are known by name, off until an administrator fills them in.
    pub fn proposed() -> Vec<Provider> {
        let levels = |all: &[&str]| all.iter().map(|l| (*l).to_owned()).collect();
        let national = Provider {
            key: "dvcqg".into(),
            realm: Realm::Citizen,
            label: "Đăng nhập bằng Cổng Dịch vụ công quốc gia".into(), // the words of the button: in en.toml
            issuer: String::new(),
            client_id: String::new(),
            profile: Profile {
                client_auth: ClientAuth::Post,
                scopes: "openid".into(),
                acr_values: "LoA1".into(),
                userinfo: true,
                claims: ClaimNames {
                    subject: "TechID".into(),
                    id_number: "SoDinhDanh".into(),
                    name: "HoVaTen".into(),
                    birth_date: "NgayThangNamSinh".into(),
                    phone: "SoDienThoai".into(),
                    email: "ThuDienTu".into(),
                    level: "loAs".into(),
                    tax_code: "MaSoThue".into(),
                    organisation: "TenDoanhNghiep".into(),
                    representative: "SoDinhDanh".into(),
                    kind: "LoaiTaiKhoan".into(),
                    kind_of_organisation: "2".into(),
                    login: String::new(),
                },
                levels: levels(&["LoA1", "LoA2", "LoA3"]),
                lowest: "LoA2".into(),
                verified_from: "LoA2".into(),
                sign_out_there: true,
                second_factor_there: false,
            },
            active: false,
            place: 20,
            version: 0,
        };
        let vneid = Provider {
            key: "vneid".into(),
            label: "Đăng nhập bằng VNeID".into(), // the words of the button: in en.toml
            profile: Profile {
                scopes: "openid profile".into(),
                acr_values: String::new(),
                claims: ClaimNames { subject: "sub".into(), level: "IAL".into(), ..national.profile.claims.clone() },
                levels: levels(&["1", "2"]),
                lowest: "2".into(),
                verified_from: "2".into(),
                ..national.profile.clone()
            },
            place: 10,
            ..national.clone()
        };
        let standard = ClaimNames {
            subject: "sub".into(),
            name: "name".into(),
            birth_date: "birthdate".into(),
            phone: "phone_number".into(),
            email: "email".into(),
            level: "acr".into(),
            ..ClaimNames::default()
        };
        let other = Provider {
            key: "oidc".into(),
            label: "Đăng nhập bằng tài khoản khác".into(), // the words of the button: in en.toml
            profile: Profile {
                client_auth: ClientAuth::Basic,
                scopes: "openid profile email phone".into(),
                userinfo: true,
                claims: standard.clone(),
                sign_out_there: true,
                ..Profile::default()
            },
            place: 30,
            ..national.clone()
        };
        let officers = Provider {
            key: "can-bo".into(),
            realm: Realm::Officer,
            label: "Đăng nhập bằng tài khoản cán bộ của tỉnh".into(), // the words of the button: in en.toml
            profile: Profile {
                scopes: "openid profile".into(),
                userinfo: false,
                claims: ClaimNames { login: "preferred_username".into(), ..standard },
                ..other.profile.clone()
            },
            place: 40,
            ..other.clone()
        };
        vec![vneid, national, other, officers]
    }
}
