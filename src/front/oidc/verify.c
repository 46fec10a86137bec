/* Signatures of tokens, by GnuTLS. */
#include "front/oidc/read.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>

#include "base/banned.h"

static gnutls_datum_t datum(const void *p, size_t n)
{
    return (gnutls_datum_t){(unsigned char *)(uintptr_t)p, (unsigned)n};
}

static bool import(const struct oidc_key *k, gnutls_pubkey_t key)
{
    gnutls_datum_t n = datum(k->n, k->n_n), e = datum(k->e, k->n_e);
    gnutls_datum_t x = datum(k->x, sizeof k->x), y = datum(k->y, sizeof k->y);
    return k->is_ec ? !gnutls_pubkey_import_ecc_raw(key, GNUTLS_ECC_CURVE_SECP256R1, &x, &y)
                    : !gnutls_pubkey_import_rsa_raw(key, &n, &e);
}

/* A token has the two numbers of an ECDSA signature side by side; GnuTLS takes them as X.509 has them. */
static bool verify_ec(gnutls_pubkey_t key, const gnutls_datum_t *data, struct str signature)
{
    if (signature.n != 2 * OIDC_EC)
        return false;
    gnutls_datum_t r = datum(signature.p, OIDC_EC), s = datum(signature.p + OIDC_EC, OIDC_EC), both = {0};
    if (gnutls_encode_rs_value(&both, &r, &s))
        return false;
    bool fits = gnutls_pubkey_verify_data2(key, GNUTLS_SIGN_ECDSA_SHA256, 0, data, &both) >= 0;
    gnutls_free(both.data);
    return fits;
}

static bool verify(const struct oidc_key *k, const struct oidc_token *token)
{
    gnutls_pubkey_t key;
    gnutls_datum_t data = datum(token->signed_part.p, token->signed_part.n);
    gnutls_datum_t signature = datum(token->signature.p, token->signature.n);
    if (gnutls_pubkey_init(&key))
        return false;
    bool fits = import(k, key);
    if (token->alg == OIDC_ES256)
        fits = fits && verify_ec(key, &data, token->signature);
    else
        fits = fits && gnutls_pubkey_verify_data2(
                           key, token->alg == OIDC_PS256 ? GNUTLS_SIGN_RSA_PSS_RSAE_SHA256 : GNUTLS_SIGN_RSA_SHA256, 0,
                           &data, &signature) >= 0;
    gnutls_pubkey_deinit(key);
    return fits;
}

/* Is the key of the kind that the token says it was signed with? */
static bool is_for(const struct oidc_key *k, enum oidc_alg alg)
{
    return (k->alg == OIDC_ANY || k->alg == alg) && k->is_ec == (alg == OIDC_ES256);
}

enum oidc_verdict oidc_verify(const struct oidc_keys *keys, const struct oidc_token *token)
{
    size_t found = 0;
    bool fits = false, known = false;
    for (size_t i = 0; i < keys->n; i++) {
        const struct oidc_key *k = &keys->v[i];
        bool named = token->kid.p && str_eq((struct str){k->kid, k->n_kid}, token->kid);
        known |= named;
        if ((token->kid.p && !named) || !is_for(k, token->alg))
            continue;
        found++;
        if (!fits)
            fits = verify(k, token);
    }
    if (token->kid.p ? !known : found != 1)
        return OIDC_KEY_UNKNOWN;
    return fits ? OIDC_SIGNED : OIDC_NOT_SIGNED;
}
