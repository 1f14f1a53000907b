"""Validation losses of the models: a function of a configuration each, one loss per node of the staged parameter."""
import numpy as np
from sklearn import ensemble, kernel_ridge, linear_model, neighbors, neural_network, svm
from sklearn.decomposition import PCA
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.metrics import log_loss
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

SCALERS = {"none": None, "standard": StandardScaler, "range": MinMaxScaler, "robust": RobustScaler}


def scaled(name, X1, X2):
    if SCALERS[name] is None:
        return X1, X2
    scaler = SCALERS[name]().fit(X1)
    return scaler.transform(X1), scaler.transform(X2)


def error(y, predicted):
    return float(np.mean(y != predicted))


def squared(y, predicted):
    """Mean squared error in units of the target's variance, at most 5."""
    value = np.mean((y - np.clip(np.nan_to_num(predicted), -1e6, 1e6)) ** 2) / np.var(y)
    return float(min(5.0, value))


def information(y, probabilities, labels):
    p = np.clip(np.nan_to_num(probabilities, nan=1e-4), 1e-4, 1)
    return float(log_loss(y, p / p.sum(axis=1, keepdims=True), labels=labels))


def svm_error(c, data):
    def one(X1, y1, X2, y2):
        X1, X2 = scaled(c["scaler"], X1, X2)
        model = svm.SVC(C=c["C"], gamma=c["gamma"] / X1.shape[1] / X1.var(), kernel=c["kernel"], degree=c.get("degree", 3),
                        max_iter=20000)
        return error(y2, model.fit(X1, y1).predict(X2))
    return [np.mean([one(*part) for part in data])]


def svr_loss(c, data):
    def one(X1, y1, X2, y2):
        X1, X2 = scaled("standard", X1, X2)
        model = svm.SVR(C=c["C"], gamma=c["gamma"], epsilon=c["epsilon"], max_iter=20000)
        return squared(y2, model.fit(X1, y1).predict(X2))
    return [np.mean([one(*part) for part in data])]


def forest_loss(c, data, trees, classes):
    """Staged by the number of trees: the mean of the first so many."""
    kinds = {(True, False): ensemble.RandomForestClassifier, (False, False): ensemble.RandomForestRegressor,
             (True, True): ensemble.ExtraTreesClassifier, (False, True): ensemble.ExtraTreesRegressor}

    def one(X1, y1, X2, y2):
        settings = {"criterion": c["criterion"]} if "criterion" in c else {}
        model = kinds[classes, c.get("kind") == "extra"](
            n_estimators=trees[-1], max_depth=c["depth"], min_samples_leaf=c["leaf"], max_features=c["features"],
            random_state=0, **settings).fit(X1, y1)
        each = [t.predict_proba(X2) if classes else t.predict(X2) for t in model.estimators_]
        means = [np.mean(each[:n], axis=0) for n in trees]
        return [information(y2, m, model.classes_) if classes else squared(y2, m) for m in means]
    return np.mean([one(*part) for part in data], axis=0)


def boosting_loss(c, data, rounds, classes):
    kind = ensemble.GradientBoostingClassifier if classes else ensemble.GradientBoostingRegressor

    def one(X1, y1, X2, y2):
        model = kind(n_estimators=rounds[-1], learning_rate=c["eta"], max_depth=c["depth"], subsample=c["rows"],
                     max_features=c["features"], random_state=0).fit(X1, y1)
        if classes:
            staged = list(model.staged_predict_proba(X2))
            return [information(y2, staged[n - 1], model.classes_) for n in rounds]
        staged = list(model.staged_predict(X2))
        return [squared(y2, staged[n - 1]) for n in rounds]
    return np.mean([one(*part) for part in data], axis=0)


def network_loss(c, data, epochs, classes):
    kind = neural_network.MLPClassifier if classes else neural_network.MLPRegressor

    def one(X1, y1, X2, y2):
        X1, X2 = scaled("standard", X1, X2)
        model = kind(hidden_layer_sizes=(c["hidden"],), learning_rate_init=c["lr"], alpha=c["alpha"], batch_size=c["batch"],
                     activation=c.get("activation", "relu"), random_state=0)
        losses = []
        for epoch in range(1, epochs[-1] + 1):
            model.partial_fit(X1, y1, **({"classes": np.unique(y1)} if classes and epoch == 1 else {}))
            if epoch in epochs:
                losses.append(information(y2, model.predict_proba(X2), model.classes_) if classes
                              else squared(y2, model.predict(X2)))
        return losses
    return np.mean([one(*part) for part in data], axis=0)


def descent_loss(c, data):
    def one(X1, y1, X2, y2):
        X1, X2 = scaled("standard", X1, X2)
        model = linear_model.SGDClassifier(loss=c["loss"], penalty=c["penalty"], alpha=c["alpha"], eta0=c["eta"],
                                           learning_rate=c["schedule"], l1_ratio=0.5, max_iter=20, tol=None, random_state=0)
        model.fit(X1, y1)
        return information(y2, model.predict_proba(X2), model.classes_)
    return [np.mean([one(*part) for part in data])]


def neighbours_loss(c, data):
    def one(X1, y1, X2, y2):
        reduce = PCA(c["components"], whiten=c["whiten"], random_state=0).fit(X1)
        model = neighbors.KNeighborsClassifier(c["k"], weights=c["weights"], p=c["p"], algorithm="brute")
        model.fit(reduce.transform(X1), y1)
        return information(y2, model.predict_proba(reduce.transform(X2)), model.classes_)
    return [np.mean([one(*part) for part in data])]


def ridge_loss(c, data):
    def one(X1, y1, X2, y2):
        X1, X2 = scaled(c["scaler"], X1 * 20, X2 * 20)
        settings = {"gamma": c["gamma"], "degree": 2, "coef0": 1} if c["kernel"] != "linear" else {}
        model = kernel_ridge.KernelRidge(alpha=c["alpha"], kernel=c["kernel"], **settings)
        return squared(y2, model.fit(X1, y1).predict(X2))
    return [np.mean([one(*part) for part in data])]


def logistic_loss(c, data):
    def one(X1, y1, X2, y2):
        select = SelectKBest(f_classif, k=c["select"]).fit(X1, y1)
        X1, X2 = scaled(c["scaler"], select.transform(X1), select.transform(X2))
        model = linear_model.LogisticRegression(C=c["C"], class_weight="balanced" if c["balanced"] else None, max_iter=200)
        model.fit(X1, y1)
        return information(y2, model.predict_proba(X2), model.classes_)
    return [np.mean([one(*part) for part in data])]
